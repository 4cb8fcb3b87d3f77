namespace Harmony.Access.Authentication;

/// <summary>
/// Checks passwords against slow hashes, few at a time: each costs a tenth of a second of a processor, and whoever guesses passwords must
/// not get them all.
/// </summary>
internal static class PasswordChecks
{
    private static readonly SemaphoreSlim Free = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Whether the hash is that of the password, unless that has become known while waiting.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="password">The password in UTF-8.</param>
    /// <param name="isKnown">Asked when it is this check's turn: whether the same password has just been found good.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<bool> MatchesAsync(PasswordHash hash, ReadOnlyMemory<byte> password, Func<bool> isKnown, CancellationToken ct)
    {
        await Free.WaitAsync(ct);
        try
        {
            return isKnown() || await Task.Run(() => hash.Matches(password.Span), ct);
        }
        finally
        {
            Free.Release();
        }
    }
}
