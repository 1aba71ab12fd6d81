import { wordsOf } from "../random.ts";

/** Words of everyday English about work, the more common ones first in each bank. */
export const nouns = wordsOf(`
  way thing time issue problem case part team account page list change question answer example customer value report name date
  number step result file email order message error point reason option plan update detail system process document version group
  request review feature user setting test field service support table record link line column address project meeting contract
  budget deadline policy region office department manager engineer agent supplier vendor partner schedule calendar summary draft
  proposal invoice receipt payment refund discount subscription license renewal trial quote estimate forecast target quarter
  margin revenue expense ledger balance transfer deposit warranty repair delivery shipment package warehouse carrier driver route
  shelf label barcode stock item product sample batch defect return claim complaint ticket queue priority incident outage backup
  server cluster database index query cache token session password login permission role profile avatar banner button form
  checkbox menu sidebar header footer widget chart graph dashboard filter export import template folder archive attachment
  signature comment thread channel notification reminder alert threshold limit quota window range interval average median
  percentage ratio trend spike drop gap overlap conflict risk impact effort scope milestone dependency blocker decision approval
  audit finding evidence regulation clause appendix paragraph footnote heading translation grammar tone audience campaign headline
  slogan keyword ranking visitor lead pipeline prospect interview candidate resume salary benefit training workshop onboarding
  handbook survey feedback rating score benchmark experiment hypothesis variable sampling dataset outlier noise signal model
  prediction baseline weight layer gradient kernel thread latency throughput bandwidth packet protocol header endpoint payload
  schema migration rollback release branch commit merge pipeline artifact container image volume namespace secret certificate
  kitchen garden window roof door engine battery charger cable screen keyboard printer scanner camera lens tripod microphone
  jacket sleeve collar zipper fabric pattern thread needle recipe flour butter oven pan flavour vegetable spice salad dessert
  flight airport luggage passport visa hotel room lobby breakfast tour museum ticket train platform station harbour ferry island
  doctor nurse patient symptom dose allergy prescription appointment clinic insurance therapy exercise muscle joint posture sleep
  lesson homework exam essay chapter lecture notebook classroom tutor scholarship tuition library novel poem author editor
  landlord tenant lease deposit utility mortgage furniture carpet ceiling plumbing heater thermostat filter vent insulation
  river bridge mountain valley forest weather storm temperature humidity season harvest soil seed fertilizer tractor fence
`);

export const adjectives = wordsOf(`
  new good other same last first small large next right current available different possible important open full whole clear
  correct single common simple specific recent early late old free long short high low main local public private general common
  original final complete partial missing broken damaged delayed duplicate incorrect invalid expired pending temporary permanent
  automatic manual optional mandatory urgent minor major critical severe mild rare frequent regular irregular annual monthly weekly
  daily hourly internal external remote regional global national foreign domestic technical legal financial commercial medical
  academic practical theoretical statistical numerical visual verbal written printed digital physical mechanical electrical
  wooden metallic plastic ceramic leather cotton woollen waterproof lightweight heavy narrow wide thick thin deep shallow
  bright dark quiet noisy warm cold dry humid fresh frozen raw sweet sour bitter spicy mild crisp tender smooth rough soft hard
  sharp blunt loose tight stable unstable reliable flexible rigid portable compact modular scalable redundant efficient expensive
  cheap affordable generous strict lenient polite formal casual friendly hostile neutral biased honest confidential transparent
  ambiguous vague precise accurate approximate consistent inconsistent coherent verbose concise readable obscure familiar unusual
  surprising obvious subtle gradual sudden steady volatile seasonal cyclical linear nested recursive parallel sequential nullable
  immutable deprecated experimental legacy modern outdated upcoming previous subsequent prior initial intermediate advanced
`);

/** Base forms; all are regular, so that the other forms follow from the spelling. */
export const verbs = wordsOf(`
  need want use check try look work help change add call ask start update create open close move happen remove follow explain
  review confirm cancel return order ship deliver receive contact include expect suggest recommend compare consider prefer allow
  require support handle process fix resolve reproduce restart reset install configure enable disable upgrade migrate deploy
  monitor measure estimate calculate convert translate summarize rewrite shorten extend merge split sort filter group rank label
  tag classify extract parse validate verify test debug trace log store cache index query fetch load save export import upload
  download attach share publish approve reject assign schedule postpone remind notify alert escalate report record track count
  charge refund credit transfer pay renew subscribe activate expire replace repair inspect clean store pack wrap label measure
  mix bake roast grill season serve plant water trim paint sand polish assemble mount tighten loosen align adjust rotate
  visit travel book reserve board land explore document outline draft edit proofread cite quote discuss negotiate agree decline
  train evaluate predict sample average normalize scale encode decode compress encrypt rotate allocate release block retry
  throttle limit aggregate partition replicate synchronize invalidate truncate append rename refactor implement declare pass
`);

export const adverbs = wordsOf(`
  also now still already usually only again often actually simply directly currently recently always never quickly carefully
  automatically manually probably clearly correctly roughly exactly mostly partly entirely nearly immediately eventually gradually
  rarely occasionally temporarily permanently separately together twice apparently unfortunately honestly frankly quietly safely
  explicitly implicitly consistently repeatedly remotely locally
`);

export const firstNames = wordsOf(`
  Maria James Anna David Sofia Michael Elena Daniel Laura Thomas Julia Robert Nina Paul Clara Peter Ines Martin Eva Lukas Aisha
  Omar Fatima Hassan Leila Karim Yuki Kenji Hana Takumi Mei Wei Ling Jun Min Seo Priya Arjun Kavya Rahul Anjali Vikram Olga Ivan
  Katya Dmitri Svetlana Pavel Zofia Jan Kasia Piotr Agnieszka Tomasz Ingrid Lars Freja Mikkel Astrid Erik Saoirse Niamh Connor
  Chloe Hugo Camille Louis Manon Lucas Giulia Marco Chiara Matteo Carmen Diego Lucia Javier Mateo Valentina Camila Thiago Beatriz
  Joao Rafaela Amara Chidi Ngozi Kwame Abena Thabo Naledi Tariq Zainab Samir Dalia Noam Tamar Ari Miriam Grace Henry Alice Oscar
  Ruby Felix Ivy Jasper Hazel Simon Beth Colin Dora Edgar Flora Gavin Helen Ian Joyce Keith Lydia Miles Norah Owen Pearl Quentin
`);

export const lastNames = wordsOf(`
  Smith Garcia Müller Rossi Silva Kowalski Novak Jensen Andersson Virtanen Dubois Laurent Moreau Fernandez Lopez Costa Pereira
  Ivanova Petrov Sokolov Tanaka Suzuki Yamamoto Chen Wang Zhang Liu Kim Park Lee Nguyen Tran Patel Sharma Gupta Singh Khan Ahmed
  Hussain Rahman Okafor Mensah Dlamini Abebe Haddad Mansour Cohen Levi Brown Taylor Wilson Evans Walsh Murphy Kelly Byrne Campbell
  Stewart Fraser Hughes Morgan Baker Carter Fletcher Mason Turner Walker Foster Graham Hayes Irwin Jordan Lambert Marsh Norton
  Osborne Prescott Quigley Ramsey Sutton Thornton Underwood Vaughan Whitaker York Zeller Becker Fischer Hoffmann Keller Lang Vogel
  Bianchi Conti Ferrari Greco Marino Ricci Romano Alonso Castro Delgado Herrera Mendoza Navarro Ortega Ramos Vargas Barros Cardoso
`);

export const cities = wordsOf(`
  London Berlin Paris Madrid Rome Vienna Prague Warsaw Dublin Lisbon Oslo Stockholm Helsinki Copenhagen Amsterdam Brussels Zurich
  Geneva Milan Turin Naples Barcelona Valencia Seville Porto Hamburg Munich Cologne Lyon Marseille Toulouse Krakow Budapest
  Bucharest Sofia Athens Istanbul Cairo Nairobi Lagos Accra Johannesburg Mumbai Delhi Bangalore Chennai Singapore Jakarta Manila
  Bangkok Hanoi Seoul Tokyo Osaka Kyoto Taipei Sydney Melbourne Auckland Toronto Montreal Vancouver Boston Chicago Denver Austin
  Seattle Portland Phoenix Atlanta Miami Houston Dallas Detroit Cleveland Pittsburgh Bogota Lima Santiago Quito Montevideo Recife
`);

const syllables = wordsOf(`
  al an ar as be bel bi bra ca cen co cor da del di do el en er fa fi flo ga gen go ha hel hi in jo ka kel ki la len li lo lu ma
  mer mi mo na nel ni no or pa pel pi pra qui ra ren ri ro sa sel si so su ta tel ti to tra ul va vel vi vo wa wen xi ya zen zo
`);
const companyKinds = wordsOf("Labs Group Works Systems Foods Logistics Energy Media Health Retail Partners Studio Motors Textiles Bank");

/** A name that no bank holds, such as a company's or a product's. */
export function coinName(random: { pick: (bank: typeof syllables) => string; int: (from: number, to: number) => number }): string {
  let name = "";
  for (let left = random.int(2, 4); left > 0; left -= 1) name += random.pick(syllables);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

export function coinCompany(random: Parameters<typeof coinName>[0]): string {
  return `${coinName(random)} ${random.pick(companyKinds)}`;
}
