using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>The outcome of building one instance.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Module">The module's name.</param>
/// <param name="Instance">The instance; null when it is planned or switched off, or when the problems got an error.</param>
internal sealed record Built<T>(string Name, string Module, T? Instance)
    where T : class
{
    /// <summary>Set when the module is not there yet.</summary>
    public PlannedModule? Planned { get; init; }

    /// <summary>Why requests may not use it: <c>target 'pacs' is not enabled</c>, <c>cannot read 'key.pem': no such file</c>. Null when they may.</summary>
    public string? Closed { get; init; }

    /// <summary>Of an endpoint: what its callers shall authenticate by, as it or its peer says.</summary>
    public WantedAuthentication? Wanted { get; init; }
}
