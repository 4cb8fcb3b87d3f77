namespace Harmony.Access.Middleware.Policies;

/// <summary>Says what policies do, for <c>harmony explain</c>.</summary>
internal static class PolicyWords
{
    public static IReadOnlyList<string> Of(IReadOnlyList<Policy> policies)
    {
        var words = new List<string> { "accepts a request that a policy allows and no rule denies; otherwise 403, or 429 for a rate limit" };
        foreach (var policy in policies)
        {
            words.Add(!policy.CanAllow
                ? $"policy '{policy.Name}' can only deny"
                : policy.MatchesAll
                ? $"policy '{policy.Name}' allows what every rule of its that can allow does"
                : $"policy '{policy.Name}' allows what one of its rules does");
            words.AddRange(policy.Rules.OrderByDescending(r => r.Weight).Select(r => $"policy '{policy.Name}', rule '{r.Name}' ({r.Weight}): {r.Words}"));
        }

        return words;
    }
}
