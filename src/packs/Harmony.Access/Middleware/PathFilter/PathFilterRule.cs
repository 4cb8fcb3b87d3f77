using Harmony.Core.Routing;

namespace Harmony.Access.Middleware.PathFilter;

/// <summary>A compiled rule: what matches the pattern passes, or does not.</summary>
internal sealed record PathFilterRule(RoutePattern Pattern, bool Allows)
{
    /// <summary><c>allows /Patient/{id}</c>.</summary>
    public override string ToString() => $"{(Allows ? "allows" : "refuses")} {Pattern.Text}";
}
