using Harmony.Core.Modules;

namespace Harmony.Http.Services.Targets;

/// <summary>One system that a backend sends to, of whatever protocol: its name, its share, and how it is doing. Safe for concurrent use.</summary>
internal abstract class Target : ITarget
{
    private KeyValuePair<string, object?>[]? _tags;

    public required string Name { get; init; }

    /// <summary>Its name in messages.</summary>
    public required string Described { get; init; }

    public int Weight { get; init; } = 1;

    public required TargetHealth Health { get; init; }

    public abstract string Url { get; }

    public abstract int InFlight { get; }

    /// <summary>Requests that wait for a connection.</summary>
    public virtual int Waiting => 0;

    /// <summary>Name of the backend that it belongs to, for metrics.</summary>
    public string Backend { get; internal set; } = "";

    /// <summary>Notes that it did not answer a request, or not to the end: no connection, no response in time, broken off.</summary>
    /// <param name="reason">What went wrong, for operators.</param>
    public void Failed(string reason)
    {
        TargetMetrics.Failed(Tags);
        Health.Tally.Failed();
        Health.Failed(reason);
    }

    /// <summary>Notes that it answered a request, with whatever status.</summary>
    /// <param name="took">How long that took.</param>
    public void Answered(TimeSpan took)
    {
        Health.Tally.Answered(took);
        TargetMetrics.Answered(Tags, took);
    }

    /// <summary>Requests under way with the one to come, for each unit of weight.</summary>
    public double Load => (double)(InFlight + 1) / Weight;

    public bool IsHealthy => Health.Answers && Health.Outage is null;

    public bool WasAsked => Health.WasAsked;

    public DateTimeOffset? DownSince => Health.Outage?.Since;

    public string? DownReason => Health.Outage?.Reason;

    public bool IsEnabled => !Health.IsDrained;

    public TargetTraffic Traffic => Health.Tally.Read();

    private KeyValuePair<string, object?>[] Tags => _tags ??= [new("backend", Backend), new("target", Name)];

    public void Drain() => Health.IsDrained = true;

    public void Enable() => Health.IsDrained = false;
}

/// <summary>
/// Whether an operator has taken a target out. Apart from what is known of its health, so that it outlives every reload that leaves the
/// target at its URL, whatever else is changed. Safe for concurrent use.
/// </summary>
internal sealed class DrainSwitch
{
    private volatile bool _isDrained;

    /// <summary>Whether the target gets no requests.</summary>
    public bool IsDrained
    {
        get => _isDrained;
        set => _isDrained = value;
    }
}
