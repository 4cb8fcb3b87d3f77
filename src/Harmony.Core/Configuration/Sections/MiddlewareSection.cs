namespace Harmony.Core.Configuration;

/// <summary><c>[middleware.NAME]</c>: one configured middleware. Options stand under <c>options</c> or directly in the table.</summary>
public sealed record MiddlewareSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Its type.</summary>
    [NotEmpty]
    public required string Type { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Options of the type.</summary>
    public OptionsTable? Options { get; init; }

    /// <summary>Options written directly in the table, as older documents do.</summary>
    [RemainingKeys]
    public OptionsTable? DirectOptions { get; init; }
}
