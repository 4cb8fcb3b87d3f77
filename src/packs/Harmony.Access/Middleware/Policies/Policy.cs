using Harmony.Access.Middleware.Policies.Rules;

namespace Harmony.Access.Middleware.Policies;

/// <summary>A policy ready to judge.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="MatchesAll">Whether every rule that can allow must, instead of one.</param>
/// <param name="Rules">Its enabled rules.</param>
internal sealed record Policy(string Name, bool MatchesAll, IReadOnlyList<Rule> Rules)
{
    /// <summary>Rules that can allow; the others can only deny.</summary>
    private readonly int _allowing = Rules.Count(r => r.CanAllow);

    /// <summary>Whether the policy allows a request that so many of its rules allow.</summary>
    public bool Allows(int allows) => MatchesAll ? allows > 0 && allows == _allowing : allows > 0;

    /// <summary>Whether any request could be allowed by it.</summary>
    public bool CanAllow => _allowing > 0;
}
