using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Harmony.Access.Authentication;

/// <summary>
/// The hash of a password, as it may stand in a file: PBKDF2 (RFC 8018 §5.2) as <c>$pbkdf2-sha256$i=600000$salt$hash</c>, or Argon2id
/// (RFC 9106) as <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>. Salt and hash are in base64 without padding.
/// </summary>
public abstract class PasswordHash
{
    /// <summary>Rounds of new PBKDF2 hashes, by the advice of OWASP for SHA-256.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Fewer rounds of PBKDF2 protect nothing.</summary>
    public const int MinIterations = 1_000;

    /// <summary>More rounds of PBKDF2 would hold up requests for seconds.</summary>
    public const int MaxIterations = 10_000_000;

    private const string Advice = "make one with 'harmony hash-password'";

    /// <summary>What a check is made of: checks of one kind differ in their rounds only.</summary>
    internal abstract string Kind { get; }

    /// <summary>How much of its kind a check is: what a guess costs.</summary>
    internal abstract int Rounds { get; }

    /// <summary>Hashes a password by PBKDF2 with SHA-256 and a new salt.</summary>
    /// <param name="password">The password in UTF-8.</param>
    /// <param name="iterations">1,000 to 10,000,000.</param>
    public static PasswordHash Create(ReadOnlySpan<byte> password, int iterations = DefaultIterations) => Pbkdf2Hash.Create(password, iterations);

    /// <summary>Reads a hash.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="reason">Why it cannot be used, as a sentence without the hash.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash, out string reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        reason = ReasonAgainst(text);
        var parts = text.Split('$');
        hash = parts switch
        {
            ["", "argon2id", .. var rest] => Argon2idHash.Parse(rest, ref reason),
            ["", "pbkdf2-sha256", .. var rest] => Pbkdf2Hash.Parse(HashAlgorithmName.SHA256, rest, ref reason),
            ["", "pbkdf2-sha512", .. var rest] => Pbkdf2Hash.Parse(HashAlgorithmName.SHA512, rest, ref reason),
            _ => null,
        };
        return hash is not null;
    }

    /// <summary>Whether this is the hash of that password. Takes as long as the hash demands, right or wrong.</summary>
    public abstract bool Matches(ReadOnlySpan<byte> password);

    /// <summary>The text that a file holds.</summary>
    public abstract string ToText();

    /// <summary>Whether another hash is the very same one, salt and rounds included.</summary>
    internal bool IsSame(PasswordHash other) => ToText() == other.ToText();

    /// <summary>Takes as long as that many rounds of this kind of hash.</summary>
    /// <param name="rounds">At least one.</param>
    /// <param name="password">The password in UTF-8.</param>
    internal abstract void Spend(int rounds, ReadOnlySpan<byte> password);

    private protected static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }

    private protected static string ToBase64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static string ReasonAgainst(string text)
    {
        string[] known = ["$2a$", "$2b$", "$2y$", "$apr1$", "$1$", "$5$", "$6$", "$y$", "{SHA}", "$argon2i$", "$argon2d$"];
        return Array.Exists(known, prefix => text.StartsWith(prefix, StringComparison.Ordinal))
            ? $"hashes of htpasswd and crypt (bcrypt, MD5, SHA, yescrypt), Argon2i and Argon2d cannot be checked here, only PBKDF2 and Argon2id; {Advice}"
            : $"a hash $pbkdf2-sha256$i=…$salt$hash, $pbkdf2-sha512$… or $argon2id$v=19$m=…,t=…,p=1$salt$hash is expected, each $ written $$ in TOML; {Advice}";
    }
}

/// <summary>A hash by PBKDF2.</summary>
internal sealed class Pbkdf2Hash(HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] hash) : PasswordHash
{
    private const int SaltBytes = 16;

    internal override string Kind => algorithm.Name!;

    internal override int Rounds => iterations;

    /// <summary>Hashes a password with SHA-256 and a new salt.</summary>
    public static new Pbkdf2Hash Create(ReadOnlySpan<byte> password, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new Pbkdf2Hash(HashAlgorithmName.SHA256, iterations, salt,
            Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes));
    }

    /// <summary>Reads what follows the name of the algorithm: rounds, salt, hash. Null when it is no hash.</summary>
    public static Pbkdf2Hash? Parse(HashAlgorithmName algorithm, string[] parts, ref string reason)
    {
        if (parts.Length != 3) return null;
        if (!parts[0].StartsWith("i=", StringComparison.Ordinal)
            || !int.TryParse(parts[0].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations)
        {
            reason = $"the hash must say its rounds as i=NUMBER, {MinIterations} to {MaxIterations}";
            return null;
        }

        var size = algorithm == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;
        return FromBase64(parts[1]) is { Length: >= 8 and <= 64 } salt && FromBase64(parts[2]) is { } value && value.Length == size
            ? new Pbkdf2Hash(algorithm, iterations, salt, value)
            : null;
    }

    public override bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> computed = stackalloc byte[64];
        computed = computed[..hash.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, computed, iterations, algorithm);
        return CryptographicOperations.FixedTimeEquals(computed, hash);
    }

    public override string ToText()
        => $"$pbkdf2-{(algorithm == HashAlgorithmName.SHA512 ? "sha512" : "sha256")}$i={iterations}${ToBase64(salt)}${ToBase64(hash)}";

    internal override void Spend(int rounds, ReadOnlySpan<byte> password)
    {
        Span<byte> ignored = stackalloc byte[hash.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, ignored[..SaltBytes], ignored, rounds, algorithm);
    }
}

/// <summary>A hash by Argon2id, version 19, with one lane, which is what libsodium computes.</summary>
internal sealed class Argon2idHash(int kibibytes, int passes, byte[] salt, byte[] hash) : PasswordHash
{
    /// <summary>Most memory of one check. Few checks run at a time, but a users file must not be able to exhaust the memory.</summary>
    private const int MaxKibibytes = 256 * 1024;

    private const int MaxPasses = 16;
    private const int SaltBytes = 16; // libsodium takes salts of this length only

    internal override string Kind => $"argon2id m={kibibytes},t={passes}";

    internal override int Rounds => 1;

    /// <summary>Reads what follows <c>argon2id</c>: version, costs, salt, hash. Null when it is no hash, or is one that cannot be checked.</summary>
    public static Argon2idHash? Parse(string[] parts, ref string reason)
    {
        if (parts is not ["v=19", var costs, var salted, var hashed]) return null;
        var numbers = costs.Split(',');
        if (numbers.Length != 3 || Number(numbers[0], "m=") is not { } memory || Number(numbers[1], "t=") is not { } passes
            || Number(numbers[2], "p=") is not { } lanes) return null;
        if (memory is < 8 or > MaxKibibytes || passes is < 1 or > MaxPasses || lanes != 1)
        {
            reason = $"the hash must have m (KiB of memory) from 8 to {MaxKibibytes}, t (passes) from 1 to {MaxPasses}, and p=1: 'argon2 SALT -id -t 2 -k "
                + "19456 -p 1 -e' makes such a hash";
            return null;
        }

        if (FromBase64(salted) is not { } salt || FromBase64(hashed) is not { Length: >= 16 and <= 64 } hash) return null;
        if (salt.Length == SaltBytes) return new Argon2idHash(memory, passes, salt, hash);
        reason = $"the salt of an Argon2id hash must be {SaltBytes} bytes long; this salt has {salt.Length}";
        return null;
    }

    public override bool Matches(ReadOnlySpan<byte> password)
    {
        var costs = new Argon2Parameters { MemorySize = kibibytes, NumberOfPasses = passes, DegreeOfParallelism = 1 };
        return CryptographicOperations.FixedTimeEquals(PasswordBasedKeyDerivationAlgorithm.Argon2id(costs).DeriveBytes(password, salt, hash.Length), hash);
    }

    public override string ToText() => $"$argon2id$v=19$m={kibibytes},t={passes},p=1${ToBase64(salt)}${ToBase64(hash)}";

    internal override void Spend(int rounds, ReadOnlySpan<byte> password) => Matches(password);

    private static int? Number(string text, string name)
        => text.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
