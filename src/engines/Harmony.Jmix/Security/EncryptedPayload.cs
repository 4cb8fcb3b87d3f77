using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;

namespace Harmony.Jmix.Security;

/// <summary>
/// Encrypts the bytes that are written to it: X25519 with an ephemeral key, HKDF-SHA256, AES-256-GCM. The ciphertext goes to another stream as it
/// is made.
/// </summary>
internal sealed class EncryptedPayload : WriteOnlyStream
{
    private const int Piece = 256 * 1024;

    private readonly Stream _output;
    private readonly GcmTransform _gcm;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Piece);
    private readonly byte[] _iv = RandomNumberGenerator.GetBytes(GcmTransform.IvLength);
    private readonly byte[] _tag = new byte[GcmTransform.TagLength];
    private readonly byte[] _ephemeral;
    private readonly bool _hashesPlaintext;
    private bool _disposed;

    /// <summary>Starts an encryption.</summary>
    /// <param name="output">Where the ciphertext goes. Not closed.</param>
    /// <param name="recipient">The X25519 public key of the recipient, 32 bytes.</param>
    /// <param name="dialect">The key derivation, and whether the hash covers plaintext or ciphertext.</param>
    public EncryptedPayload(Stream output, ReadOnlySpan<byte> recipient, JmixDialect dialect)
    {
        _output = output;
        _hashesPlaintext = dialect.HashesPlaintext;
        using var mine = DecryptionKey.Generate();
        _ephemeral = mine.PublicKey;
        var key = mine.Derive(recipient, dialect.HkdfInfo);
        try
        {
            _gcm = GcmTransform.Create(encrypts: true, key, _iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The hash of the ciphertext or of the plaintext, with <c>sha256:</c> in front. Known at the end.</summary>
    public string? Hash { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(Piece, buffer.Length)];
            buffer = buffer[piece.Length..];
            if (_hashesPlaintext) _hash.AppendData(piece.Span);
            await EmitAsync(_buffer.AsMemory(0, _gcm.Update(piece.Span, _buffer)), cancellationToken);
        }
    }

    /// <summary>Ends the encryption. Call before anything reads the properties.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellation)
    {
        var rest = new ArrayBufferWriter<byte>();
        _gcm.FinishEncryption(rest, _tag);
        await EmitAsync(rest.WrittenMemory, cancellation);
        Hash = PayloadHash.Text(_hash.GetHashAndReset());
    }

    /// <summary>The manifest's <c>security.encryption</c>.</summary>
    public JsonObject Description() => new()
    {
        ["algorithm"] = "AES-256-GCM",
        ["ephemeral_public_key"] = Convert.ToBase64String(_ephemeral),
        ["iv"] = Convert.ToBase64String(_iv),
        ["auth_tag"] = Convert.ToBase64String(_tag),
    };

    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await base.DisposeAsync();
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _gcm.Dispose();
        _hash.Dispose();
    }

    private ValueTask EmitAsync(ReadOnlyMemory<byte> ciphertext, CancellationToken cancellation)
        => _hashesPlaintext ? _output.WriteAsync(ciphertext, cancellation) : HashedWriting.WriteAsync(_hash, ciphertext, _output, cancellation);
}
