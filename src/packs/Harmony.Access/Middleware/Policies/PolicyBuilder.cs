using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.Policies;

/// <summary>Finds the policies that a middleware names or holds, and builds their rules.</summary>
internal sealed class PolicyBuilder(MiddlewareContext context)
{
    /// <summary>Rules and policies that one middleware may have: their verdicts live on the stack.</summary>
    public const int MaxRules = 256;

    /// <summary>See <see cref="MaxRules"/>.</summary>
    public const int MaxPolicies = 64;

    private readonly ConfigProblems _problems = context.Problems;
    private readonly NamedSections<PolicySection> _policies = new(context.Config.Policies, p => p.Id, context.Problems);
    private readonly NamedSections<RuleSection> _rules = new(context.Config.Rules, r => r.Id, context.Problems);
    private bool _failed;

    /// <summary>The first rule that is named and not defined, in a sentence; null when all are there.</summary>
    public string? Missing { get; private set; }

    /// <summary>The enabled policies, in order; null when something is wrong with them, which the problems say.</summary>
    public IReadOnlyList<Policy>? Build(PoliciesOptions options)
    {
        if (options.Policies is not TomlArray { Count: > 0 } array)
        {
            _problems.Error(
                options.Policies.Location, $"'policies' of middleware '{context.Name}' must be an array of at least one policy: its name, or a table");
            return null;
        }

        var policies = new List<Policy>();
        for (var i = 0; i < array.Count; i++)
        {
            if (Build(array[i], i + 1) is { } policy) policies.Add(policy);
        }

        if (_failed) return null;
        Check(policies, options);
        return _failed ? null : policies;
    }

    private void Check(List<Policy> policies, PoliciesOptions options)
    {
        if (policies.Count == 0) Fail(options.Policies.Location, $"no policy of middleware '{context.Name}' is enabled, so every request would be refused");
        else if (policies.Count > MaxPolicies || policies.Sum(p => p.Rules.Count) > MaxRules)
        {
            Fail(options.Policies.Location, $"middleware '{context.Name}' has more than {MaxPolicies} policies or {MaxRules} rules; share them among several");
        }
        else if (Missing is null && !policies.Exists(p => p.CanAllow))
        {
            _problems.Warning(options.Policies.Location,
                $"no rule of middleware '{context.Name}' can allow anything, so every request is refused; add a rule of type allow_all, or one that allows "
                    + "what you want");
        }
    }

    /// <summary>
    /// An author who lists rules of different kinds, say an address and a method, may mean that each must hold; if one is enough, the policy admits more.
    /// </summary>
    private Policy Checked(Policy policy, ConfigNode section)
    {
        if (section.Gives("match") || policy.Alternatives is not { } alternatives) return policy;
        _problems.Warning(section.LocationOf("rules"),
            $"policy '{policy.Name}' has allow rules of different kinds, and one of these is enough: {alternatives}; write match = \"all\" if each must "
                + "hold, match = \"any\" if not");
        return policy;
    }

    private Policy? Build(TomlValue item, int number) => item switch
    {
        TomlString name => Named(name),
        TomlTable table => Inline(table, number),
        _ => Fail(item.Location, $"an entry of 'policies' of middleware '{context.Name}' must be the name of a policy or a table, not {item.KindName}"),
    };

    private Policy? Named(TomlString name)
    {
        if (!_policies.TryFind(name.Value, context.File, name.Location, out var found))
        {
            return Fail(name.Location, $"policy '{name.Value}' is not defined{context.Config.Policies.Advice(name.Value)}");
        }

        // What was found wrong has been said.
        if (found is not { Section.IsFaulty: false }) return Fail();
        var section = found.Section;
        context.Environment.Used.Add(section);
        if (!section.Enabled) return null;
        var rules = new List<Rule>();
        for (var i = 0; i < section.Rules.Count; i++) AddNamed(rules, section.Rules[i], section.LocationOf("rules", i), found.Name, found.File);
        return Checked(new Policy(found.Name, section.Match == "all", rules), section);
    }

    private Policy? Inline(TomlTable table, int number)
    {
        var inline = TomlBinder.Bind<InlinePolicyOptions>(table, $"policy {number} of middleware '{context.Name}'", _problems);
        if (inline.IsFaulty) return Fail();
        var policy = inline.Id ?? inline.Name ?? $"policy {number}";
        if (inline.Rules is not TomlArray items)
            return Fail(inline.Rules.Location, $"'rules' of policy '{policy}' must be an array, not {inline.Rules.KindName}");
        if (!inline.Enabled) return null;
        var rules = new List<Rule>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is TomlString name) AddNamed(rules, name.Value, name.Location, policy, context.File);
            else if (items[i] is TomlTable rule) AddInline(rules, rule, policy, i + 1);
            else Fail(items[i].Location, $"an entry of 'rules' of policy '{policy}' must be a table or the name of a rule, not {items[i].KindName}");
        }

        return Checked(new Policy(policy, inline.Match == "all", rules), inline);
    }

    private void AddNamed(List<Rule> rules, string name, SourceLocation location, string policy, string file)
    {
        if (!_rules.TryFind(name, file, location, out var found))
        {
            Missing ??= $"rule '{name}' of policy '{policy}' is not defined";
            _problems.Gap(location, UndefinedRule(name, policy, context.Config));
            return;
        }

        if (found is not { Section.IsFaulty: false }) Fail();
        else if (rules.Exists(r => r.Name == found.Name)) _problems.Warning(location, $"policy '{policy}' names rule '{found.Name}' twice");
        else Add(rules, found.Section, found.Name, policy, $"[rules.{found.Name}.options]");
    }

    /// <summary>A rule that a policy names and no table defines may be the one that keeps clients out, so the policy closes.</summary>
    internal static string UndefinedRule(string name, string policy, ConfigSet config)
        => $"rule '{name}' of policy '{policy}' is not defined; where the policy is used, requests get 503{config.Rules.Advice(name)}";

    private void AddInline(List<Rule> rules, TomlTable table, string policy, int number)
    {
        var what = $"rule {number} of policy '{policy}'";
        var section = TomlBinder.Bind<RuleSection>(table, what, _problems);
        if (section.IsFaulty) Fail();
        else Add(rules, section, section.Id ?? section.Name ?? $"{section.Type} {number}", policy, $"'options' of {what}");
    }

    private void Add(List<Rule> rules, RuleSection section, string name, string policy, string what)
    {
        context.Environment.Used.Add(section);
        // What is switched off may be unfinished.
        if (!section.Enabled) return;
        var rule = RuleTypes.Build(section, new RuleContext
        {
            Name = name, Weight = section.Weight, What = what, Owner = $"{context.File}/{context.Name}/{policy}/{name}",
            Options = section.Options ?? OptionsTable.Empty(section.Location), Problems = _problems, Environment = context.Environment, Type = section.Type,
        });
        if (rule is null) Fail();
        else rules.Add(rule);
    }

    private Policy? Fail(SourceLocation location, string message)
    {
        _problems.Error(location, message);
        return Fail();
    }

    private Policy? Fail()
    {
        _failed = true;
        return null;
    }
}

/// <summary>Finds sections by the name of their table or by their <c>id</c>, in the file that refers to them first.</summary>
internal sealed class NamedSections<T>(Definitions<T> all, Func<T, string?> id, ConfigProblems problems)
    where T : ConfigNode
{
    /// <summary>Whether there is one.</summary>
    /// <param name="name">The name or id.</param>
    /// <param name="file">The file that refers to it.</param>
    /// <param name="location">Where it does.</param>
    /// <param name="found">The section; null when the name means two different ones, which the problems say.</param>
    public bool TryFind(string name, string file, SourceLocation location, out Definition<T>? found)
    {
        found = null;
        var tableName = all.Find(name, file) is not null ? name : ById(name, file)?.Name;
        if (tableName is null) return false;
        found = all.Resolve(tableName, file, location, problems);
        return true;
    }

    private Definition<T>? ById(string name, string file)
    {
        var candidates = all.Where(d => id(d.Section) == name).ToList();
        return candidates.Find(d => d.File == file) ?? candidates.FirstOrDefault();
    }
}

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
                : policy.Alternatives is { } alternatives
                ? $"policy '{policy.Name}': one of these is enough: {alternatives}; write match = \"all\" if each must hold"
                : $"policy '{policy.Name}' allows what one of its rules does");
            words.AddRange(policy.Rules.OrderByDescending(r => r.Weight).Select(r => $"policy '{policy.Name}', rule '{r.Name}' ({r.Weight}): {r.Words}"));
        }

        return words;
    }
}

/// <summary>Builds the rules that no policy in use names, and throws them away, for what is wrong with them.</summary>
internal static class UnusedRules
{
    public static void Check(BuildEnvironment environment, ConfigProblems problems)
    {
        foreach (var policy in environment.Config.Policies.Where(p => !p.Section.IsFaulty && p.Section.Enabled && !environment.Used.Contains(p.Section)))
        {
            for (var i = 0; i < policy.Section.Rules.Count; i++)
                CheckNamed(policy.Section.Rules[i], policy, policy.Section.LocationOf("rules", i), environment.Config, problems);
        }

        foreach (var (name, file, section) in environment.Config.Rules.Select(r => (r.Name, r.File, r.Section)))
        {
            // What is faulty has been said, and what is switched off may be unfinished.
            if (section.IsFaulty || !section.Enabled || environment.Used.Contains(section)) continue;
            RuleTypes.Build(section, new RuleContext
            {
                Name = name, Weight = section.Weight, What = $"[rules.{name}.options]", Owner = $"{file}/{name}",
                Options = section.Options ?? OptionsTable.Empty(section.Location), Problems = problems, Environment = environment, Type = section.Type,
            });
        }
    }

    private static void CheckNamed(string name, Definition<PolicySection> policy, SourceLocation location, ConfigSet config, ConfigProblems problems)
    {
        if (config.Rules.Find(name, policy.File) is not null || config.Rules.Any(r => r.Section.Id == name)) return;
        problems.Warning(location, PolicyBuilder.UndefinedRule(name, policy.Name, config));
    }
}
