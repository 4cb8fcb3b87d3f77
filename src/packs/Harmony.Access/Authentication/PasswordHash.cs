using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Access.Authentication;

/// <summary>
/// A password as it may stand in a file: PBKDF2 (RFC 8018 §5.2) in the form
/// <c>$pbkdf2-sha256$i=600000$salt$hash</c>, salt and hash in base64 without padding.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>Rounds of new hashes, by the advice of OWASP for SHA-256.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Fewer protect nothing.</summary>
    public const int MinIterations = 1_000;

    /// <summary>More would hold up requests for seconds.</summary>
    public const int MaxIterations = 10_000_000;

    private const int SaltBytes = 16;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] hash)
    {
        Algorithm = algorithm;
        Iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>SHA-256 or SHA-512.</summary>
    internal HashAlgorithmName Algorithm { get; }

    /// <summary>How often the password is hashed: what a guess costs.</summary>
    public int Iterations { get; }

    /// <summary>Hashes a password with SHA-256 and a new salt.</summary>
    /// <param name="password">The password in UTF-8.</param>
    /// <param name="iterations">1,000 to 10,000,000.</param>
    public static PasswordHash Create(ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return new PasswordHash(HashAlgorithmName.SHA256, iterations, salt, hash);
    }

    /// <summary>Reads a hash.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="reason">Why it cannot be used, as a sentence without the hash.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash, out string reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        hash = null;
        reason = ReasonAgainst(text);
        var parts = text.Split('$');
        if (parts.Length != 5 || parts[0].Length != 0 || AlgorithmOf(parts[1]) is not { } algorithm) return false;
        if (!parts[2].StartsWith("i=", StringComparison.Ordinal)
            || !int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations)
        {
            reason = $"the hash must say its rounds as i=NUMBER, {MinIterations} to {MaxIterations}";
            return false;
        }

        if (Base64(parts[3]) is not { Length: >= 8 and <= 64 } salt || Base64(parts[4]) is not { } value || value.Length != Size(algorithm)) return false;
        hash = new PasswordHash(algorithm, iterations, salt, value);
        return true;
    }

    /// <summary>Whether this is the hash of that password. Takes as long as <see cref="Iterations"/> demand, right or wrong.</summary>
    public bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> computed = stackalloc byte[64];
        computed = computed[.._hash.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, computed, Iterations, Algorithm);
        return CryptographicOperations.FixedTimeEquals(computed, _hash);
    }

    /// <summary>Whether another hash is the very same one, salt and rounds included.</summary>
    internal bool IsSame(PasswordHash other)
        => Algorithm == other.Algorithm && Iterations == other.Iterations && _salt.AsSpan().SequenceEqual(other._salt) && _hash.AsSpan().SequenceEqual(other._hash);

    /// <summary>Takes as long as hashing a password so often.</summary>
    internal static void Spend(HashAlgorithmName algorithm, int iterations, ReadOnlySpan<byte> password)
    {
        Span<byte> ignored = stackalloc byte[Size(algorithm)];
        Rfc2898DeriveBytes.Pbkdf2(password, ignored[..SaltBytes], ignored, iterations, algorithm);
    }

    /// <summary>The text that a file holds.</summary>
    public string ToText() => new StringBuilder()
        .Append(Algorithm == HashAlgorithmName.SHA512 ? "$pbkdf2-sha512$i=" : "$pbkdf2-sha256$i=").Append(Iterations)
        .Append('$').Append(Convert.ToBase64String(_salt).TrimEnd('='))
        .Append('$').Append(Convert.ToBase64String(_hash).TrimEnd('=')).ToString();

    private static string ReasonAgainst(string text)
    {
        const string Advice = "make one with 'harmony hash-password'";
        string[] known = ["$2a$", "$2b$", "$2y$", "$apr1$", "$1$", "$5$", "$6$", "$y$", "{SHA}", "$argon2"];
        return Array.Exists(known, prefix => text.StartsWith(prefix, StringComparison.Ordinal))
            ? $"hashes of htpasswd and crypt (bcrypt, MD5, SHA, yescrypt) and Argon2 cannot be checked here, only PBKDF2; {Advice}"
            : $"a hash $pbkdf2-sha256$i=…$salt$hash or $pbkdf2-sha512$… is expected, each $ written $$ in TOML; {Advice}";
    }

    private static HashAlgorithmName? AlgorithmOf(string id) => id switch
    {
        "pbkdf2-sha256" => HashAlgorithmName.SHA256,
        "pbkdf2-sha512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static int Size(HashAlgorithmName algorithm) => algorithm == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }
}
