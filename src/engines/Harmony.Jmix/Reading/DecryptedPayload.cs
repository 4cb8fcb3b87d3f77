using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;

namespace Harmony.Jmix.Reading;

/// <summary>A payload that has been decrypted and unpacked into a folder.</summary>
/// <param name="Folder">The folder that stands for <c>payload/</c>.</param>
/// <param name="HkdfInfo">The <c>info</c> of the key derivation that decrypted the payload.</param>
/// <param name="TarRoot">The prefix of names in the archive.</param>
/// <param name="ArchiveHash">The hash of the archive before its encryption, with <c>sha256:</c> in front.</param>
internal sealed record DecryptedPayload(string Folder, string HkdfInfo, string TarRoot, string ArchiveHash)
{
    private static readonly string[] Ciphertexts = ["payload.encrypted", "payload.enc"];

    /// <summary>The name of the encrypted file of a package; null if it has none.</summary>
    public static string? CiphertextOf(PackageFiles files) => Ciphertexts.FirstOrDefault(files.Lengths.ContainsKey);

    /// <summary>Decrypts a payload by each known key derivation. No plaintext is used before the tag has been verified.</summary>
    /// <param name="files">The package.</param>
    /// <param name="encryption">The manifest's <c>security.encryption</c>.</param>
    /// <param name="key">The recipient's key.</param>
    /// <param name="target">An empty folder for the payload.</param>
    /// <param name="limits">Limits of the unpacked files.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">The key does not fit, the description is wrong, or the archive is refused.</exception>
    public static async Task<DecryptedPayload> OpenAsync(
        PackageFiles files, JsonObject encryption, DecryptionKey key, string target, UnpackLimits limits, CancellationToken cancellation)
    {
        var ciphertext = CiphertextOf(files)
            ?? throw new JmixException(JmixFault.Incomplete, "the manifest says that the payload is encrypted, but there is no payload.encrypted");
        if (encryption["algorithm"]?.ToString() != "AES-256-GCM")
            throw new JmixException(JmixFault.Malformed, "security.encryption: the algorithm is not AES-256-GCM");
        var ephemeral = Bytes(encryption, "ephemeral_public_key", 32);
        var iv = Bytes(encryption, "iv", GcmTransform.IvLength);
        var tag = Bytes(encryption, "auth_tag", GcmTransform.TagLength);
        await using var plain = TemporaryFile.Create(Path.GetDirectoryName(Path.GetFullPath(target)));
        foreach (var info in JmixDialect.All.Select(d => d.HkdfInfo).Distinct())
        {
            plain.SetLength(0);
            plain.Position = 0;
            var aes = key.Derive(ephemeral, info);
            var hash = await DecryptAsync(files, ciphertext, aes, iv, tag, plain, cancellation);
            CryptographicOperations.ZeroMemory(aes);
            if (hash is null) continue;
            plain.Position = 0;
            await SafeUnpacker.UnpackAsync(plain, PackageContainer.Tar, target, limits, cancellation);
            var inner = Path.Combine(target, "payload");
            var hasRoot = Directory.Exists(inner) && !File.Exists(Path.Combine(target, "metadata.json"));
            return new DecryptedPayload(hasRoot ? inner : target, info, hasRoot ? "payload/" : await RootAsync(plain, cancellation), hash);
        }

        throw new JmixException(JmixFault.WrongKey, "the payload cannot be decrypted: it is for another key, or has been changed");
    }

    private static async Task<string?> DecryptAsync(
        PackageFiles files, string name, byte[] key, byte[] iv, byte[] tag, FileStream plain, CancellationToken cancellation)
    {
        using var gcm = GcmTransform.Create(encrypts: false, key, iv);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var input = files.Open(name);
        byte[] from = new byte[64 * 1024], to = new byte[64 * 1024];
        int read;
        while ((read = await input.ReadAsync(from, cancellation)) > 0)
        {
            var made = gcm.Update(from.AsSpan(0, read), to);
            hash.AppendData(to, 0, made);
            await plain.WriteAsync(to.AsMemory(0, made), cancellation);
        }

        var rest = new ArrayBufferWriter<byte>();
        if (!gcm.FinishDecryption(rest, tag)) return null;
        hash.AppendData(rest.WrittenSpan);
        await plain.WriteAsync(rest.WrittenMemory, cancellation);
        return PayloadHash.Text(hash.GetHashAndReset());
    }

    // jmix-rs writes "./" in front of each name; unpacking leaves no trace of that.
    private static async Task<string> RootAsync(FileStream plain, CancellationToken cancellation)
    {
        plain.Position = 0;
        var start = new byte[2];
        return await plain.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, cancellation) == 2 && start.AsSpan().SequenceEqual("./"u8) ? "./" : "";
    }

    private static byte[] Bytes(JsonObject encryption, string member, int length)
    {
        try
        {
            if (encryption[member]?.ToString() is { Length: < 256 } text && Convert.FromBase64String(text) is { } bytes && bytes.Length == length) return bytes;
        }
        catch (FormatException)
        {
            // Reported below: the member has not the expected type.
        }

        throw new JmixException(JmixFault.Malformed, $"security.encryption.{member}: base64 of {length} bytes is expected");
    }
}
