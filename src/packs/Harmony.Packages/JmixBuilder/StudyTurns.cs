namespace Harmony.Packages.JmixBuilder;

/// <summary>Lets one request at a time retrieve and build a study; the others wait and then find the package.</summary>
internal sealed class StudyTurns
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn to build a study. Dispose the result when the package is stored, or cannot be built.</summary>
    public async ValueTask<IDisposable> EnterAsync(string studyInstanceUid, CancellationToken ct)
    {
        Turn turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(studyInstanceUid, out turn!)) _turns.Add(studyInstanceUid, turn = new Turn(this, studyInstanceUid));
            turn.Waiting++;
        }

        try
        {
            await turn.Gate.WaitAsync(ct);
        }
        catch
        {
            Leave(turn);
            throw;
        }

        return new Place(turn);
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Waiting > 0) return;
            _turns.Remove(turn.Study);
            turn.Gate.Dispose();
        }
    }

    private sealed record Turn(StudyTurns Builds, string Study)
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Waiting { get; set; }
    }

    private sealed class Place(Turn turn) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0) return;
            turn.Gate.Release();
            turn.Builds.Leave(turn);
        }
    }
}
