using System.Security.Cryptography;

namespace Harmony.Access.Authentication;

/// <summary>
/// What checking a password costs where some hashes are slower than others: every wrong password, and that of a user who is not there, takes
/// as long as the most expensive hash of each kind, so that the time of an answer tells nothing about who is there.
/// </summary>
internal sealed class PasswordCost
{
    private readonly (HashAlgorithmName Algorithm, int Rounds)[] _all;

    /// <param name="hashes">The hashes of all users.</param>
    public PasswordCost(IEnumerable<PasswordHash> hashes)
        => _all = [.. hashes.GroupBy(h => h.Algorithm).Select(kind => (kind.Key, kind.Max(h => h.Iterations)))];

    /// <summary>Whether the password has that hash; null is the hash of nobody.</summary>
    public bool Matches(PasswordHash? hash, ReadOnlySpan<byte> password)
    {
        if (hash?.Matches(password) == true) return true;
        foreach (var (algorithm, rounds) in Left(hash)) PasswordHash.Spend(algorithm, rounds, password);
        return false;
    }

    /// <summary>The rounds of each kind that checking a hash leaves to be spent.</summary>
    internal IEnumerable<(HashAlgorithmName Algorithm, int Rounds)> Left(PasswordHash? hash)
        => _all.Select(kind => hash?.Algorithm == kind.Algorithm ? kind with { Rounds = kind.Rounds - hash.Iterations } : kind).Where(kind => kind.Rounds > 0);
}
