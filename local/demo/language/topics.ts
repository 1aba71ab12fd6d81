import { linesOf, wordsOf, type Bank } from "../random.ts";

/** What a conversation is about: its own terms stand among the everyday ones. */
export interface Topic {
  readonly terms: Bank<string>;
  readonly questions: Bank<string>;
}

/** In the questions `@` stands for something of the topic, `#` for a number, `$` for an amount, `&` for an id. */
export const topics = {
  orders: {
    terms: wordsOf(
      "parcel tracking-number courier checkout coupon voucher cart basket sku backorder restock packing-slip pickup-point dispatch customs-form import-duty gift-wrap size-chart exchange-request chargeback card-issuer store-credit loyalty-points marketplace-seller return-label delivery-slot signature-proof",
    ),
    questions: linesOf(`
      where is my order &, it was supposed to arrive # days ago
      I was charged $ twice for order &, can you look into it
      how do I return the @ if I threw away the box
      can I still change the address of &
      the @ arrived damaged, what happens next
      is there a way to get the @ before the weekend
      your site says delivered but nothing is here, number &
    `),
  },
  billing: {
    terms: wordsOf(
      "proration invoice-line tax-id vat-rate billing-cycle seat-count annual-commitment overage credit-note purchase-order payment-method direct-debit card-expiry dunning-email grace-period plan-tier add-on usage-report cost-centre reverse-charge remittance statement write-off net-thirty",
    ),
    questions: linesOf(`
      why is invoice & $ higher than last month
      we moved from # to # seats, how is the @ worked out
      can you add our @ to all coming invoices
      what happens to the @ when we cancel in the middle of a month
      please send the @ for & again, accounting lost it
      do you charge for @ when nobody signs in
    `),
  },
  coding: {
    terms: wordsOf(
      "async-iterator event-loop race-condition mutex closure generic type-guard union-type null-check stack-trace heap-snapshot memory-leak unit-test mock dependency-injection middleware router handler serializer regex lookahead linked-list hash-map binary-search recursion memoization debounce backpressure stream-reader worker-thread lockfile monorepo bundler tree-shaking source-map linter",
    ),
    questions: linesOf(`
      why does this @ return undefined on the second call
      rewrite this with a @ and without the nested loops
      my test for the @ fails only in CI, about one run in #
      what is the idiomatic way to cancel a @
      explain what the @ does here line by line
      this takes # ms for # rows, how do I make it faster
      is there a @ hiding in this code
    `),
  },
  databases: {
    terms: wordsOf(
      "query-plan sequential-scan covering-index partial-index vacuum bloat deadlock isolation-level write-ahead-log replica-lag connection-pool prepared-statement foreign-key materialized-view window-function lateral-join upsert partition-pruning column-store sparse-index granule compaction tombstone quorum shard-key hot-partition failover point-in-time-recovery",
    ),
    questions: linesOf(`
      the planner ignores my @ as soon as there are more than # rows
      how do I add a @ to a table of # million rows without a lock
      what is the difference between a @ and a @
      our @ grew to # GB over night, where do I look first
      can you turn this report into one query with a @
    `),
  },
  travel: {
    terms: wordsOf(
      "layover boarding-pass carry-on window-seat jet-lag itinerary day-trip rail-pass hostel guesthouse night-train exchange-rate travel-insurance vaccination sim-card old-town food-market hiking-trail viewpoint ferry-crossing border-control tour-guide departure-gate early-check-in",
    ),
    questions: linesOf(`
      plan # days around there for two people with a budget of $
      is a @ worth it when we stay for # nights
      what should I pack for a @ in the rainy season
      we have a @ of # hours, can we leave the airport
      which neighbourhood is good for a family and near a @
    `),
  },
  health: {
    terms: wordsOf(
      "blood-pressure resting-pulse vitamin-d iron-level cholesterol blood-sugar migraine sinus-infection knee-pain lower-back tendonitis physiotherapy sleep-cycle caffeine hydration fibre protein-intake meal-plan interval-training warm-up recovery-day referral waiting-list second-opinion side-effect dosage",
    ),
    questions: linesOf(`
      my @ has been high for # weeks, when should I see someone
      can I take it together with something for @
      write a plan for # weeks that is gentle on the @
      what do these results say about my @
      how much @ is too much at the age of #
    `),
  },
  law: {
    terms: wordsOf(
      "indemnity liability-cap governing-law force-majeure termination-notice confidentiality-period non-compete data-processor sub-processor breach-notification standard-clauses retention-schedule subject-request legitimate-interest arbitration-seat severability assignment-clause service-credit warranty-disclaimer counterpart recital power-of-attorney statutory-period",
    ),
    questions: linesOf(`
      does section # limit our @ in any way
      compare the @ in both drafts and list what differs
      what is missing from this @ if the customer is in the EU
      can they end the contract with # days of notice under the @
      rewrite the @ so that it is mutual
    `),
  },
  marketing: {
    terms: wordsOf(
      "landing-page call-to-action open-rate click-through bounce-rate conversion-funnel a-b-test audience-segment lookalike retargeting brand-voice content-calendar press-release product-launch customer-story case-study webinar newsletter subject-line hashtag influencer sponsorship attribution lifetime-value churn-cohort unit-economics",
    ),
    questions: linesOf(`
      write # variants of a @ for people who left the cart
      our @ fell from # to # percent, give me hypotheses
      turn these notes into a @ of # words
      which @ would you test first with a budget of $
      make this @ sound less like an advertisement
    `),
  },
  finance: {
    terms: wordsOf(
      "cash-flow working-capital gross-margin operating-income depreciation amortization accrual deferred-revenue balance-sheet debt-ratio interest-coverage dividend-yield price-earnings share-buyback treasury-bill yield-curve credit-spread hedge currency-exposure derivative audit-opinion segment-report guidance consensus",
    ),
    questions: linesOf(`
      summarise what they said about @ in the last quarter
      why did the @ move by # percent although sales were flat
      build a table of @ and @ for the last # years
      what would $ of new debt do to the @
      is the @ of & out of line with its peers
    `),
  },
  science: {
    terms: wordsOf(
      "enzyme catalyst isotope spectrometer half-life photon wavelength semiconductor superconductor perovskite genome transcription plasmid antibody receptor neuron synapse cortex plankton sediment glacier aerosol albedo tectonic-plate exoplanet redshift dark-matter gravitational-wave entropy viscosity turbulence control-group confidence-interval effect-size",
    ),
    questions: linesOf(`
      what is the evidence that @ depends on @
      find papers since # on @ and tell me where they disagree
      explain @ to someone who knows school physics
      how large would the sample have to be to see a @ of # percent
      which method measures @ with the least error
    `),
  },
  home: {
    terms: wordsOf(
      "sourdough starter proofing-basket cast-iron induction-hob dishwasher drain-pump water-heater radiator-valve grout drywall spirit-level stud-finder circuit-breaker dimmer raised-bed compost slug-trap tomato-blight pruning-shears lawn-feed pressure-washer gutter roof-tile loft-insulation smoke-detector carbon-monoxide-alarm",
    ),
    questions: linesOf(`
      my @ makes a noise every # minutes, what could it be
      what can I cook from # eggs and a @ in half an hour
      how do I mount a @ on a wall that is not solid
      when is the right time to start with @ in a cold climate
      the @ shows error #, is it safe to go on
    `),
  },
  people: {
    terms: wordsOf(
      "performance-review one-to-one career-ladder notice-period probation reference-check parental-leave sick-note time-sheet overtime payroll-run pension-scheme exit-interview headcount org-chart job-description hiring-panel take-home-task offer-letter equity-grant relocation team-offsite mentoring burnout workload skills-matrix",
    ),
    questions: linesOf(`
      how many days of @ do I have left this year
      write a @ for someone who did well but missed # deadlines
      what does the handbook say about @ abroad
      help me to prepare a difficult @
      draft questions for a @ with a senior person
    `),
  },
} as const satisfies Record<string, Topic>;

export type TopicName = keyof typeof topics;
