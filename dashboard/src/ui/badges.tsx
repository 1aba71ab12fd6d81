interface BadgesProps {
  readonly simulated: boolean;
  readonly streamed: boolean;
}

export function Badges({ simulated, streamed }: BadgesProps) {
  return (
    <>
      {simulated && (
        <span className="badge badge-simulated" title="Answered by the simulator, not by a provider">
          simulated
        </span>
      )}
      {streamed && (
        <span className="badge" title="Answered as a stream">
          stream
        </span>
      )}
    </>
  );
}
