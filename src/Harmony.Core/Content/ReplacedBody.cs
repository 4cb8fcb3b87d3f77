using Harmony.Core.Envelope;

namespace Harmony.Core.Content;

/// <summary>What fields say of a body that another body takes the place of.</summary>
public static class ReplacedBody
{
    /// <summary>They describe the bytes that were received (RFC 9110 §8.4, §14, RFC 9530, RFC 1864).</summary>
    private static readonly string[] OfTheBytes =
        ["content-encoding", "content-length", "content-digest", "repr-digest", "digest", "content-md5", "content-range", "accept-ranges"];

    /// <summary>
    /// Removes what was true of the old body and is not of the new one. A strong validator becomes a weak one (RFC 9110 §8.8.1): the new body is the old one in
    /// another form, so that caches may still ask whether it has changed, but no part of the one goes with a part of the other.
    /// </summary>
    public static void Forget(HeaderFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        foreach (var name in OfTheBytes) fields.Remove(name);
        if (fields["etag"] is { } tag && tag.StartsWith('"')) fields.Set("etag", "W/" + tag);
    }
}
