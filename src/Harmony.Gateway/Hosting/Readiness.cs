namespace Harmony.Gateway.Hosting;

/// <summary>Whether the gateway wants requests. Load balancers and orchestrators ask; it says no before it takes no more.</summary>
internal enum Readiness
{
    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It takes leave: requests under way end, no others are wanted.</summary>
    Draining,
}
