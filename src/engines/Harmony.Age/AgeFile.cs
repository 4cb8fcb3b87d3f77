using System.Security.Cryptography;

namespace Harmony.Age;

/// <summary>Encrypts and decrypts files in the format <c>age-encryption.org/v1</c>, in memory.</summary>
public static class AgeFile
{
    /// <summary>Bytes of the largest file that is read: the library is for keys and tokens, not for archives.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    internal const int FileKeyLength = 16;

    /// <summary>Encrypts a text so that only the owner of the secret can read it.</summary>
    /// <param name="plaintext">The plaintext.</param>
    /// <param name="secret">The key or passphrase.</param>
    /// <returns>The file, binary.</returns>
    public static byte[] Encrypt(ReadOnlySpan<byte> plaintext, AgeSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> fileKey = stackalloc byte[FileKeyLength];
        RandomNumberGenerator.Fill(fileKey);
        try
        {
            var header = AgeHeader.Write([secret.Wrap(fileKey)], fileKey);
            return [.. header, .. AgePayload.Encrypt(plaintext, fileKey)];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }

    /// <summary>Decrypts a file, binary or armored.</summary>
    /// <param name="file">The file.</param>
    /// <param name="secret">The key or passphrase.</param>
    /// <returns>The plaintext.</returns>
    /// <exception cref="AgeException">The file is not in the format, was changed, or is for another key or passphrase.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> file, AgeSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (file.Length > MaxLength) throw new AgeException($"the file has more than {MaxLength} bytes");
        if (AgeArmor.IsArmored(file)) file = AgeArmor.Decode(file);
        var header = AgeHeader.Parse(file);
        var fileKey = secret.Unwrap(header.Stanzas) ?? throw new AgeException("the file is for another key or passphrase");
        try
        {
            if (!header.IsAuthentic(fileKey)) throw new AgeException("the header of the file was changed");
            return AgePayload.Decrypt(file[header.Length..], fileKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }
}
