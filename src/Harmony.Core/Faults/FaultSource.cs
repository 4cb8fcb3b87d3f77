namespace Harmony.Core.Faults;

/// <summary>Who is to blame for a fault.</summary>
public enum FaultSource
{
    /// <summary>Whoever sent the request.</summary>
    Client,

    /// <summary>This gateway or its configuration.</summary>
    Gateway,

    /// <summary>The system behind the backend.</summary>
    Backend,
}
