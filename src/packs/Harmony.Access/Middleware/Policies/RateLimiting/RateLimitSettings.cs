namespace Harmony.Access.Middleware.Policies.RateLimiting;

/// <summary>What a table of windows is made for. Compared by value: with the same settings it goes on through a reload.</summary>
/// <param name="MaxRequests">Requests in any window.</param>
/// <param name="WindowSeconds">Length of the window.</param>
/// <param name="MaxClients">Clients remembered.</param>
/// <param name="Key">What tells clients apart.</param>
internal sealed record RateLimitSettings(int MaxRequests, int WindowSeconds, int MaxClients, ClientKey Key)
{
    /// <summary>
    /// Moments that a client's window is kept in. Up to so many requests each has its own, to the millisecond. Larger limits take together
    /// what falls into the same 128th of the window, dated to its end: never more than the limit in any window, sometimes a little less.
    /// </summary>
    public const int MaxMoments = 128;

    /// <summary>Length of the window in milliseconds.</summary>
    public long WindowMs { get; } = WindowSeconds * 1000L;

    private readonly long _grainMs = MaxRequests <= MaxMoments ? 1 : Math.Max(1, WindowSeconds * 1000L / MaxMoments);

    /// <summary>The moment that a request at <paramref name="nowMs"/> is dated to.</summary>
    public long MomentOf(long nowMs) => _grainMs == 1 ? nowMs : ((nowMs / _grainMs) + 1) * _grainMs;
}
