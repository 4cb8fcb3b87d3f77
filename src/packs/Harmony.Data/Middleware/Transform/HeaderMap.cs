using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Fields as specs see them: one value for each name in lower case; values of equal names joined by a comma.</summary>
internal static class HeaderMap
{
    private static readonly string[] Framing =
    [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ];

    public static Dictionary<string, string> Of(HeaderFields fields)
    {
        var map = new Dictionary<string, string>(fields.Count, StringComparer.Ordinal);
        foreach (ref readonly var field in fields.AsSpan())
        {
            var name = field.Name.ToLowerInvariant();
            map[name] = map.TryGetValue(name, out var earlier) ? $"{earlier}, {field.Value}" : field.Value;
        }

        return map;
    }

    /// <summary>Whether the field is about the connection or the length of the body, which no spec decides.</summary>
    public static bool IsFraming(string name) => Framing.Contains(name, StringComparer.OrdinalIgnoreCase);
}
