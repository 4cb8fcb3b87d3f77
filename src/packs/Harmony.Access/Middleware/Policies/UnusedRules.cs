using Harmony.Access.Middleware.Policies.Rules;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Access.Middleware.Policies;

/// <summary>Builds the rules that no policy in use names, and throws them away, for what is wrong with them.</summary>
internal static class UnusedRules
{
    public static void Check(BuildEnvironment environment, ConfigProblems problems)
    {
        foreach (var (name, file, section) in environment.Config.Rules.Select(r => (r.Name, r.File, r.Section)))
        {
            // What is faulty has been said, and what is switched off may be unfinished.
            if (section.IsFaulty || !section.Enabled || environment.Used.Contains(section)) continue;
            RuleTypes.Build(section, new RuleContext
            {
                Name = name, Weight = section.Weight, What = $"[rules.{name}.options]", Owner = $"{file}/{name}",
                Options = section.Options ?? OptionsTable.Empty(section.Location), Problems = problems, Environment = environment,
            });
        }
    }
}
