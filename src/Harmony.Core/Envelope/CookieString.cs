namespace Harmony.Core.Envelope;

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
