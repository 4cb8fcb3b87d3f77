using System.Buffers.Binary;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Harmony.Age;

/// <summary>The payload of a file: chunks of 64 KiB, each encrypted with ChaCha20-Poly1305 under its number; the last is marked as such.</summary>
internal static class AgePayload
{
    private const int Chunk = 64 * 1024;
    private const int NonceLength = 16;
    private const int Tag = 16;

    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> fileKey)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        using var key = KeyOf(nonce, fileKey);
        var output = new List<byte>(nonce);
        for (long number = 0; ; number++)
        {
            var isLast = plaintext.Length <= Chunk;
            var part = isLast ? plaintext : plaintext[..Chunk];
            output.AddRange(AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, NonceOf(number, isLast), [], part));
            if (isLast) return [.. output];
            plaintext = plaintext[Chunk..];
        }
    }

    /// <exception cref="AgeException">The payload was changed or cut.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> fileKey)
    {
        if (payload.Length < NonceLength + Tag) throw Changed();
        using var key = KeyOf(payload[..NonceLength], fileKey);
        payload = payload[NonceLength..];
        var output = new byte[payload.Length];
        var written = 0;
        for (long number = 0; ; number++)
        {
            var isLast = payload.Length <= Chunk + Tag;
            var part = isLast ? payload : payload[..(Chunk + Tag)];
            // Only an empty plaintext has an empty last chunk.
            if (part.Length < Tag || (isLast && number > 0 && part.Length == Tag)) throw Changed();
            if (!AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, NonceOf(number, isLast), [], part, output.AsSpan(written, part.Length - Tag))) throw Changed();
            written += part.Length - Tag;
            if (isLast) return output[..written];
            payload = payload[part.Length..];
        }
    }

    private static byte[] NonceOf(long number, bool isLast)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(nonce.AsSpan(3), number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }

    private static Key KeyOf(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> fileKey)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, nonce, "payload"u8);
        return Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
    }

    private static AgeException Changed() => new("the content of the file was changed or cut");
}
