namespace Harmony.Access.Authentication;

/// <summary>
/// What checking a password costs where some hashes are slower than others: every wrong password, and that of a user who is not there, takes
/// as long as the most expensive hash of each kind, so that the time of an answer tells nothing about who is there.
/// </summary>
internal sealed class PasswordCost
{
    private readonly PasswordHash[] _dearest;

    /// <param name="hashes">The hashes of all users.</param>
    public PasswordCost(IEnumerable<PasswordHash> hashes) => _dearest = [.. hashes.GroupBy(h => h.Kind).Select(kind => kind.MaxBy(h => h.Rounds)!)];

    /// <summary>Whether the password has that hash; null is the hash of nobody.</summary>
    public bool Matches(PasswordHash? hash, ReadOnlySpan<byte> password)
    {
        if (hash?.Matches(password) == true) return true;
        foreach (var (example, rounds) in Left(hash)) example.Spend(rounds, password);
        return false;
    }

    /// <summary>The rounds of each kind that checking a hash leaves to be spent, with a hash of that kind.</summary>
    internal IEnumerable<(PasswordHash Example, int Rounds)> Left(PasswordHash? hash)
        => _dearest.Select(h => (h, hash?.Kind == h.Kind ? h.Rounds - hash.Rounds : h.Rounds)).Where(left => left.Item2 > 0);
}
