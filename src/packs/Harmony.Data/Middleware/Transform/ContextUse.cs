using System.Text.Json;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Which parts of the context a spec can see, so that the others need not be made.</summary>
/// <param name="Request"><c>request_details</c>.</param>
/// <param name="Target"><c>target_details</c>.</param>
/// <param name="Response"><c>response_details</c>.</param>
/// <param name="Parts">Their members.</param>
internal readonly record struct ContextUse(bool Request, bool Target, bool Response, ContextParts Parts)
{
    public static readonly ContextUse None;

    public static readonly ContextUse All = new(true, true, true, ContextParts.All);

    public bool IsNone => !Request && !Target && !Response;

    public static ContextUse operator |(ContextUse a, ContextUse b) => new(a.Request || b.Request, a.Target || b.Target, a.Response || b.Response, a.Parts | b.Parts);

    /// <summary>What a name at the top of an operation, and what stands below it, can see.</summary>
    public static ContextUse OfRoot(string name, JsonElement below)
    {
        if (name == "context") return OfContext(below);
        return SpecKey.IsWildcard(name) ? All : None;
    }

    private static ContextUse OfContext(JsonElement below)
    {
        if (below.ValueKind != JsonValueKind.Object) return All;
        var use = None;
        foreach (var member in below.EnumerateObject())
        {
            foreach (var name in SpecKey.NamesOf(member.Name, isModify: true)) use |= OfDetails(name, PartsOf(member.Value));
        }

        return use;
    }

    private static ContextUse OfDetails(string name, ContextParts parts) => name switch
    {
        "request_details" => new ContextUse(true, false, false, parts),
        "target_details" => new ContextUse(false, true, false, parts),
        "response_details" => new ContextUse(false, false, true, parts),
        _ => SpecKey.IsWildcard(name) ? All : None,
    };

    private static ContextParts PartsOf(JsonElement below)
    {
        if (below.ValueKind != JsonValueKind.Object) return ContextParts.All;
        var parts = ContextParts.None;
        foreach (var name in below.EnumerateObject().SelectMany(m => SpecKey.NamesOf(m.Name, isModify: true)))
        {
            parts |= name switch
            {
                "headers" => ContextParts.Headers,
                "cookies" => ContextParts.Cookies,
                "query_params" => ContextParts.QueryParams,
                "metadata" => ContextParts.Metadata,
                _ => SpecKey.IsWildcard(name) ? ContextParts.All : ContextParts.None,
            };
        }

        return parts;
    }
}

/// <summary>The members of the context's details that cost something to make. Method, URI and status are always there.</summary>
[Flags]
internal enum ContextParts
{
    None = 0,
    Headers = 1,
    Cookies = 2,
    QueryParams = 4,
    Metadata = 8,
    All = Headers | Cookies | QueryParams | Metadata,
}
