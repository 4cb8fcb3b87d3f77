namespace Harmony.Core.Configuration;

/// <summary><c>[services.NAME]</c> and <c>[middleware_types.NAME]</c>: a registration; for what is built in it is not needed.</summary>
public sealed record RegistrationSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Empty for what is built in; else the path of an assembly with an <c>IModulePack</c>.</summary>
    public string Module { get; init; } = "";

    /// <summary>For services: what it can be.</summary>
    [AllowedValues("endpoint", "backend")]
    public IReadOnlyList<string> Type { get; init; } = [];
}
