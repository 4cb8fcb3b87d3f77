using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Harmony.Age;

/// <summary>A secret that encrypts and decrypts files: a key or a passphrase.</summary>
public abstract class AgeSecret
{
    private const int WrappedLength = AgeFile.FileKeyLength + 16;

    private protected AgeSecret()
    {
    }

    /// <summary>Encrypts the key of a file.</summary>
    internal abstract AgeStanza Wrap(ReadOnlySpan<byte> fileKey);

    /// <summary>Decrypts the file key; null if the file is not for this secret.</summary>
    /// <exception cref="AgeException">The header breaks a rule of the format.</exception>
    internal abstract byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas);

    /// <summary>A scrypt stanza stands alone, or a reader who knows the passphrase could not tell who else reads the file.</summary>
    private protected static void CheckScryptIsAlone(IReadOnlyList<AgeStanza> stanzas)
    {
        if (stanzas.Count > 1 && stanzas.Any(s => s.Type == AgePassphrase.Type)) throw new AgeException("a file with a passphrase has no other recipient");
    }

    private protected static byte[] Seal(ReadOnlySpan<byte> wrappingKey, ReadOnlySpan<byte> fileKey)
    {
        using var key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, wrappingKey, KeyBlobFormat.RawSymmetricKey);
        return AeadAlgorithm.ChaCha20Poly1305.Encrypt(key, new byte[12], [], fileKey);
    }

    private protected static byte[]? Open(ReadOnlySpan<byte> wrappingKey, byte[] body)
    {
        // The length is checked first: a longer body could hold keys for several readers (partitioning oracle).
        if (body.Length != WrappedLength) throw new AgeException("a wrapped key of the file has not its length");
        using var key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, wrappingKey, KeyBlobFormat.RawSymmetricKey);
        var fileKey = new byte[AgeFile.FileKeyLength];
        return AeadAlgorithm.ChaCha20Poly1305.Decrypt(key, new byte[12], [], body, fileKey) ? fileKey : null;
    }
}

/// <summary>An X25519 key pair (RFC 7748).</summary>
public sealed class AgeKey : AgeSecret
{
    private const string SecretPrefix = "age-secret-key-";
    private const string PublicPrefix = "age";
    private const string Type = "X25519";
    private const int Length = 32;

    private readonly byte[] _secret;
    private readonly byte[] _public;

    private AgeKey(byte[] secret)
    {
        _secret = secret;
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);
        _public = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>The public key, as <c>age -r</c> takes it: <c>age1…</c>.</summary>
    public string Recipient => Bech32.Encode(PublicPrefix, _public);

    /// <summary>The secret key, as <c>age -i</c> takes it: <c>AGE-SECRET-KEY-1…</c>.</summary>
    public string Identity => Bech32.Encode(SecretPrefix, _secret).ToUpperInvariant();

    /// <summary>Creates a random key.</summary>
    public static AgeKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Creates a key from its scalar.</summary>
    /// <param name="secret">The scalar, 32 bytes.</param>
    /// <exception cref="AgeException">The scalar has not 32 bytes.</exception>
    public static AgeKey Of(ReadOnlySpan<byte> secret)
        => secret.Length == Length ? new AgeKey(secret.ToArray()) : throw new AgeException($"a key of age has {Length} bytes");

    /// <summary>Reads a key, or the file that <c>age-keygen</c> writes: comments and one key.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="AgeException">The text holds no key, or more than one.</exception>
    public static AgeKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')).ToList();
        if (lines is not [var line]) throw new AgeException("there must be one key of age, AGE-SECRET-KEY-1…");
        return Bech32.Decode(line) is (SecretPrefix, { Length: Length } secret)
            ? new AgeKey(secret)
            : throw new AgeException("that is no key of age, AGE-SECRET-KEY-1…");
    }

    /// <summary>A text without the secret.</summary>
    public override string ToString() => Recipient;

    internal override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var ephemeral = Generate();
        var wrapping = ephemeral.Agree(_public, ephemeral._public, _public)
            ?? throw new AgeException("the key is of no use: its public key is a point of low order");
        return new AgeStanza(Type, [AgeBase64.Encode(ephemeral._public)], Seal(wrapping, fileKey));
    }

    internal override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        CheckScryptIsAlone(stanzas);
        foreach (var stanza in stanzas.Where(s => s.Type == Type))
        {
            if (stanza.Arguments is not [var argument] || AgeBase64.Decode(Encoding.ASCII.GetBytes(argument)) is not { Length: Length } share)
            {
                throw new AgeException("a recipient of the file is malformed");
            }

            var wrapping = Agree(share, share, _public) ?? throw new AgeException("a recipient of the file is a point of low order");
            if (Open(wrapping, stanza.Body) is { } fileKey) return fileKey;
        }

        return null;
    }

    /// <summary>The wrapping key; null if the other public key is a point of low order.</summary>
    private byte[]? Agree(byte[] other, byte[] ephemeral, byte[] recipient)
    {
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, _secret, KeyBlobFormat.RawPrivateKey);
        if (!PublicKey.TryImport(KeyAgreementAlgorithm.X25519, other, KeyBlobFormat.RawPublicKey, out var theirs)) return null;
        using var shared = KeyAgreementAlgorithm.X25519.Agree(key, theirs!);
        return shared is null
            ? null
            : KeyDerivationAlgorithm.HkdfSha256.DeriveBytes(shared, [.. ephemeral, .. recipient], "age-encryption.org/v1/X25519"u8, 32);
    }
}

/// <summary>A passphrase, stretched with scrypt (RFC 7914).</summary>
/// <param name="passphrase">The passphrase; not empty.</param>
/// <param name="workFactor">Logarithm of the cost; 18 takes about a second and 256 MiB.</param>
public sealed class AgePassphrase(string passphrase, int workFactor = 18) : AgeSecret
{
    internal const string Type = "scrypt";

    private const int SaltLength = 16;
    private const int MaxWorkFactor = 20; // 1 GiB: the writer of a file chooses the reader's cost

    private readonly byte[] _passphrase = passphrase is { Length: > 0 }
        ? Encoding.UTF8.GetBytes(passphrase)
        : throw new AgeException("the passphrase is empty");

    /// <summary>A text without the passphrase.</summary>
    public override string ToString() => "passphrase";

    internal override AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new AgeStanza(Type, [AgeBase64.Encode(salt), workFactor.ToString(CultureInfo.InvariantCulture)], Seal(Stretch(salt, workFactor), fileKey));
    }

    internal override byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas)
    {
        CheckScryptIsAlone(stanzas);
        if (stanzas is not [{ Type: Type } stanza]) return null;
        if (stanza.Arguments is not [var saltText, var factorText]
            || AgeBase64.Decode(Encoding.ASCII.GetBytes(saltText)) is not { Length: SaltLength } salt
            || !int.TryParse(factorText, NumberStyles.None, CultureInfo.InvariantCulture, out var factor)
            || factor < 1
            || factorText[0] == '0')
        {
            throw new AgeException("a recipient of the file is malformed");
        }

        if (factor > MaxWorkFactor)
            throw new AgeException($"the passphrase of the file is stretched more than is allowed: 2^{factor}, at most 2^{MaxWorkFactor}");
        return Open(Stretch(salt, factor), stanza.Body);
    }

    private byte[] Stretch(byte[] salt, int factor) => Scrypt.Derive(_passphrase, [.. "age-encryption.org/v1/scrypt"u8, .. salt], 1 << factor, 8, 1, 32);
}
