namespace Harmony.Testing;

/// <summary>An answer as it came over the wire, in Latin-1.</summary>
/// <param name="Head">Status line and fields, without the empty line.</param>
/// <param name="Body">The body without chunked framing.</param>
/// <param name="Trailers">What stood between last chunk and end.</param>
public sealed record RawAnswer(string Head, string Body, string Trailers = "")
{
    public int Status => int.Parse(Head.AsSpan(9, 3));

    /// <summary>The values of a field, in order.</summary>
    public IReadOnlyList<string> this[string name] => FieldsOf(Head, name);

    /// <summary>The values of a field in any head, in order.</summary>
    public static IReadOnlyList<string> FieldsOf(string head, string name)
        => [.. head.Split(
            "\r\n").Skip(1).Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim(' '))];

    /// <summary>Reads one answer to a request of <paramref name="method"/>.</summary>
    public static async Task<RawAnswer> ReadAsync(RawConnection connection, string method = "GET")
    {
        var head = await connection.ReadHeadAsync() ?? throw new IOException("closed before an answer");
        var status = int.Parse(head.AsSpan(9, 3));
        if (method == "HEAD" || status is < 200 or 204 or 304) return new RawAnswer(head, "");
        if (FieldsOf(head, "transfer-encoding").Count > 0)
        {
            var (chunked, trailers) = await connection.ReadChunksAsync();
            return new RawAnswer(head, chunked, trailers);
        }

        var lengths = FieldsOf(head, "content-length");
        return lengths.Count == 0
            ? new RawAnswer(head, (await connection.ReadToEndAsync()).Text)
            : new RawAnswer(head, await connection.ReadAsync(int.Parse(lengths[0])));
    }
}
