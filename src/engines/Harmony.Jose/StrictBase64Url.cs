using System.Buffers;
using System.Buffers.Text;

namespace Harmony.Jose;

/// <summary>
/// Base64url as RFC 7515 §2 has it: no padding, no white space, no stray bits. Decoders that forgive let two texts mean one token.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes a text.</summary>
    /// <returns>False when it is not exactly what an encoder would have written.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return false;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        // Refuses stray bits too: the last character of two or three carries some that belong to no byte.
        if (Base64Url.DecodeFromChars(text, buffer, out _, out var written) != OperationStatus.Done) return false;
        bytes = written == buffer.Length ? buffer : buffer[..written];
        return true;
    }
}
