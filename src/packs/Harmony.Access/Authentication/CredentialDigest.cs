using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Access.Authentication;

/// <summary>
/// SHA-256 of a credential, or its HMAC. What is kept in memory and compared is this, never the credential. Comparing two takes the same
/// time wherever they differ.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CredentialDigest : IEquatable<CredentialDigest>
{
    private const int OnStack = 1024;

    private readonly ulong _a, _b, _c, _d;

    private CredentialDigest(ReadOnlySpan<byte> hash)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>SHA-256 of the text in UTF-8.</summary>
    public static CredentialDigest Of(ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var bytes = rented is null ? stackalloc byte[OnStack] : rented.AsSpan();
        try
        {
            return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>SHA-256 of bytes.</summary>
    public static CredentialDigest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new CredentialDigest(hash);
    }

    /// <summary>HMAC-SHA-256 of bytes: for passwords, which are guessable, so that a dump of the memory is no list to guess from.</summary>
    public static CredentialDigest Keyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, hash);
        return new CredentialDigest(hash);
    }

    /// <summary>Takes 64 hexadecimal digits for the digest they are.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out CredentialDigest digest)
    {
        digest = default;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (hex.Length != 2 * hash.Length || Convert.FromHexString(hex, hash, out _, out _) != OperationStatus.Done) return false;
        digest = new CredentialDigest(hash);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(CredentialDigest other) => ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CredentialDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_a;
}
