namespace Harmony.Core.Envelope;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> queries.</summary>
public static class QueryString
{
    private static readonly Dictionary<string, IReadOnlyList<string>> None = [];

    /// <summary>Splits a query into decoded names and their values, in order; a name without <c>=</c> has the value "".</summary>
    /// <param name="query">Without the question mark.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string query)
    {
        if (query.Length == 0) return None;
        var result = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var range in query.AsSpan().Split('&'))
        {
            var pair = query.AsSpan(range);
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (result.TryGetValue(name, out var values)) ((List<string>)values).Add(value);
            else result[name] = new List<string> { value };
        }

        return result;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('+', '%') < 0) return text.ToString();
        return Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
    }
}

/// <summary>Reads the <c>Cookie</c> field of a request (RFC 6265 §5.4).</summary>
public static class CookieString
{
    /// <summary>The cookies of all its lines; of equal names the first.</summary>
    public static IReadOnlyDictionary<string, string> Parse(HeaderFields headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in headers.GetAll("cookie"))
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan(range).Trim();
                var equals = pair.IndexOf('=');
                if (equals <= 0) continue;
                cookies.TryAdd(pair[..equals].Trim().ToString(), Unquoted(pair[(equals + 1)..].Trim()).ToString());
            }
        }

        return cookies;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) => value is ['"', .., '"'] ? value[1..^1] : value;
}
