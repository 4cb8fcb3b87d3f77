using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Harmony.Jmix.Security;

/// <summary>An Ed25519 key that signs assertions and manifests.</summary>
public sealed class SigningKeyPair : IDisposable
{
    private readonly Key _key;

    private SigningKeyPair(Key key) => _key = key;

    /// <summary>The public key, 32 bytes.</summary>
    public byte[] PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    /// <summary>Creates a random key.</summary>
    public static SigningKeyPair Generate()
        => new(Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Reads a key: 32 bytes, the 64 bytes of libsodium, or either in base64.</summary>
    /// <exception cref="JmixException">The bytes are no key.</exception>
    public static SigningKeyPair Read(ReadOnlySpan<byte> file)
    {
        var bytes = KeyFile.Bytes(file, "an Ed25519 private key", 32, 64);
        try
        {
            return new(Key.Import(SignatureAlgorithm.Ed25519, bytes.AsSpan(0, 32), KeyBlobFormat.RawPrivateKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The private key, 32 bytes: for writing a new key to its file.</summary>
    public byte[] ExportPrivateKey() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <summary>The signature of <paramref name="data"/>, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(_key, data);

    /// <summary>Whether <paramref name="signature"/> is that of <paramref name="data"/> by the owner of <paramref name="publicKey"/>.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        => publicKey.Length == 32
            && signature.Length == 64
            && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
            && key is not null
            && SignatureAlgorithm.Ed25519.Verify(key, data, signature);

    /// <summary><c>SHA256:</c> and the hexadecimal hash of a public key, as assertions name it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> publicKey) => "SHA256:" + Convert.ToHexStringLower(SHA256.HashData(publicKey));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

/// <summary>An X25519 key that opens encrypted payloads.</summary>
public sealed class DecryptionKey : IDisposable
{
    private readonly Key _key;

    private DecryptionKey(Key key) => _key = key;

    /// <summary>The public key, 32 bytes, for which senders encrypt.</summary>
    public byte[] PublicKey => _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);

    /// <summary>Creates a random key.</summary>
    public static DecryptionKey Generate()
        => new(Key.Create(KeyAgreementAlgorithm.X25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Reads a key: 32 bytes, or those in base64.</summary>
    /// <exception cref="JmixException">The bytes are no key.</exception>
    public static DecryptionKey Read(ReadOnlySpan<byte> file)
    {
        var bytes = KeyFile.Bytes(file, "an X25519 private key", 32);
        try
        {
            return new(Key.Import(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPrivateKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The private key, 32 bytes: for writing a new key to its file.</summary>
    public byte[] ExportPrivateKey() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <summary>Derives the AES key, 32 bytes, from this key and the other side's public key (RFC 7748 §6.1, RFC 5869).</summary>
    /// <exception cref="JmixException">The public key is malformed, or of low order: the shared secret would be zero (RFC 7748 §6.1).</exception>
    internal byte[] Derive(ReadOnlySpan<byte> publicKey, string hkdfInfo)
    {
        if (!NSec.Cryptography.PublicKey.TryImport(KeyAgreementAlgorithm.X25519, publicKey, KeyBlobFormat.RawPublicKey, out var other) || other is null)
            throw new JmixException(JmixFault.BadKey, $"an X25519 public key has 32 bytes, not {publicKey.Length}");
        using var secret = KeyAgreementAlgorithm.X25519.Agree(_key, other)
            ?? throw new JmixException(JmixFault.BadKey, "the X25519 public key is one of the few that lead to a key known to everybody");
        return KeyDerivationAlgorithm.HkdfSha256.DeriveBytes(secret, [], Encoding.ASCII.GetBytes(hkdfInfo), 32);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

/// <summary>Reads public keys from files.</summary>
public static class PublicKeyFile
{
    /// <summary>The key: 32 bytes, as they are or in base64.</summary>
    /// <exception cref="JmixException">The bytes are no key.</exception>
    public static byte[] Read(ReadOnlySpan<byte> file) => KeyFile.Bytes(file, "a public key", 32);
}

/// <summary>The text and byte forms in which the public implementations keep keys.</summary>
internal static class KeyFile
{
    /// <summary>The bytes of a key: the file itself if it has one of the lengths, or its base64 text.</summary>
    public static byte[] Bytes(ReadOnlySpan<byte> file, string what, params ReadOnlySpan<int> lengths)
    {
        if (lengths.Contains(file.Length)) return file.ToArray();
        var text = Encoding.ASCII.GetString(file).Trim();
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var count) && lengths.Contains(count))
            return bytes[..count];
        throw new JmixException(JmixFault.BadKey, $"this is not {what}: expected {string.Join(" or ", lengths.ToArray())} bytes, as they are or in base64");
    }
}
