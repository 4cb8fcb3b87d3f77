namespace Harmony.Core.Configuration;

/// <summary>
/// A reference to something that another gateway or a provider may define: <c>name</c>, <c>local.name.X</c>, <c>P.id.X</c>,
/// <c>P.team.id.X</c>, <c>P.team.type.name.X</c> or <c>P.team.type.id.X</c>.
/// </summary>
/// <param name="Provider">Who defines it; <c>local</c> for this configuration.</param>
/// <param name="Team">The team at the provider, or null.</param>
/// <param name="Type">What it is, or null where the place that refers says so.</param>
/// <param name="IsId">Whether <paramref name="Value"/> is an id rather than a name.</param>
/// <param name="Value">The name or id.</param>
public sealed record ResourceReference(string Provider, string? Team, string? Type, bool IsId, string Value)
{
    /// <summary>The provider that stands for this configuration.</summary>
    public const string Local = "local";

    private const string Forms = "write NAME, local.name.NAME, PROVIDER.id.ID, PROVIDER.TEAM.id.ID or PROVIDER.TEAM.TYPE.name.NAME";

    private static readonly string[] Types = ["ingress", "egress", "pipeline", "endpoint", "backend", "mesh"];

    /// <summary>Whether it is in this configuration.</summary>
    public bool IsLocal => Provider == Local;

    /// <summary>Reads a reference.</summary>
    /// <param name="text">As written.</param>
    /// <param name="error">What is wrong with it, and what is expected; null when nothing is.</param>
    /// <returns>Null when it has none of the forms.</returns>
    public static ResourceReference? Parse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = null;
        var parts = text.Split('.');
        if (Array.Exists(parts, p => p.Length == 0)) error = $"has an empty part; {Forms}";
        else if (parts.Length is 2 or > 5) error = $"has {parts.Length} parts; {Forms}";
        else if (parts.Length > 1 && parts[^2] is not ("id" or "name"))
            error = $"must have 'name' or 'id' in front of its last part, not '{parts[^2]}'; {Forms}";
        else if (parts.Length == 4 && parts[2] == "name") error = $"must say of which type '{parts[3]}' is; write {parts[0]}.{parts[1]}.TYPE.name.{parts[3]}";
        else if (parts.Length == 5 && !Types.Contains(parts[2]))
        {
            error = $"cannot be of type '{parts[2]}'; it is one of {string.Join(", ", Types)}{NearestName.Suggestion(parts[2], Types)}";
        }

        if (error is not null) return null;
        return parts.Length == 1
            ? new ResourceReference(Local, null, null, false, text)
            : new ResourceReference(parts[0], parts.Length > 3 ? parts[1] : null, parts.Length == 5 ? parts[2] : null, parts[^2] == "id", parts[^1]);
    }
}
