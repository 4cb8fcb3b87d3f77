using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>
/// Reads <c>middleware = [a, b]</c> (left a, b; right b, a) and <c>middleware = { left = […], right = […] }</c> (each as written) and
/// builds the two chains of one pipeline.
/// </summary>
internal sealed class MiddlewareChains(BuildEnvironment environment, Instances instances, ConfigProblems problems)
{
    private static readonly string[] Sides = ["left", "right"];

    /// <summary>Types that are named directly, which run with their default options: one instance however often the pipeline names them.</summary>
    private readonly Dictionary<string, Definition<MiddlewareSection>> _direct = new(StringComparer.Ordinal);

    public (IReadOnlyList<StepModel> Left, IReadOnlyList<StepModel> Right) Build(
        Definition<PipelineSection> pipeline, PipelineParts parts, MissingParts missing)
    {
        switch (pipeline.Section.Middleware)
        {
            case null:
                return ([], []);
            case TomlArray list:
                var both = Find(list, pipeline, "", missing);
                CheckAuthentication(both, pipeline.Name);
                return (Left(both.Where(s => Runs(s, MiddlewareSides.Left)), parts),
                    Right(both.AsEnumerable().Reverse().Where(s => Runs(s, MiddlewareSides.Right)), parts));
            case TomlTable table:
                CheckSides(table, pipeline.Name);
                var left = Find(Side(table, "left", pipeline.Name), pipeline, ".left", missing);
                var right = Find(Side(table, "right", pipeline.Name), pipeline, ".right", missing);
                CheckAuthentication(left, pipeline.Name);
                CheckBothSides(left, right, "left", "right");
                CheckBothSides(right, left, "right", "left");
                return (Left(left.Where(s => Works<IRequestMiddleware, IResponseMiddleware>(s, "left", "right")), parts),
                    Right(right.Where(s => Works<IResponseMiddleware, IRequestMiddleware>(s, "right", "left")), parts));
            case var other:
                problems.Error(other.Location,
                    $"'middleware' of pipeline '{pipeline.Name}' must be an array or a table with left and right, not {other.KindName}");
                return ([], []);
        }
    }

    private static List<StepModel> Left(IEnumerable<Step> steps, PipelineParts parts)
    {
        var described = new List<StepModel>();
        foreach (var (built, _) in steps.Where(s => s.Built.Instance is null or IRequestMiddleware))
        {
            described.Add(Describe(built));
            if (built.Instance is IRequestMiddleware step) parts.Left.Add(new NamedStep<IRequestMiddleware>(built.Name, step));
        }

        return described;
    }

    private static List<StepModel> Right(IEnumerable<Step> steps, PipelineParts parts)
    {
        var described = new List<StepModel>();
        foreach (var (built, _) in steps.Where(s => s.Built.Instance is null or IResponseMiddleware))
        {
            described.Add(Describe(built));
            if (built.Instance is IResponseMiddleware step) parts.Right.Add(new NamedStep<IResponseMiddleware>(built.Name, step));
        }

        return described;
    }

    private static StepModel Describe(Built<IMiddleware> built) => new(built.Name, built.Module, built.Instance?.Words ?? []);

    /// <summary>What is not there yet is listed on both sides: it may be meant for either.</summary>
    private static bool Runs(Step step, MiddlewareSides side) => step.Built.Instance is not { } instance || instance.Sides.HasFlag(side);

    private void CheckAuthentication(List<Step> left, string pipeline)
    {
        var there = left.Where(s => s.Built.Instance is IRequestMiddleware);
        new AuthenticationChecks(problems).Check(pipeline, [.. there.Select(s => (s.Built.Name, s.Built.Instance!, s.Location))]);
    }

    /// <summary>A step written on the side where it has nothing to do is a mistake that would go unseen.</summary>
    private bool Works<TThis, TOther>(Step step, string here, string there)
    {
        if (step.Built.Instance is TOther and not TThis)
        {
            problems.Warning(step.Location, $"middleware '{step.Built.Name}' does nothing on the {here} side; it works on the {there}");
        }

        return true;
    }

    /// <summary>A guard that judges responses keeps nothing out without them, and one that was not asked about a request has nothing to judge by.</summary>
    private void CheckBothSides(List<Step> here, List<Step> there, string side, string other)
    {
        foreach (var step in here.Where(s => s.Built.Instance is INeedsBothSides && !there.Exists(t => t.Built.Name == s.Built.Name)))
            problems.Error(step.Location, $"middleware '{step.Built.Name}' works on both sides, but is listed on the {side} only; add it to the {other}");
    }

    private List<Step> Find(TomlArray? names, Definition<PipelineSection> pipeline, string side, MissingParts missing)
    {
        var result = new List<Step>();
        foreach (var item in names ?? (IEnumerable<TomlValue>)[])
        {
            if (item is not TomlString name)
            {
                problems.Error(item.Location, $"'middleware{side}' of pipeline '{pipeline.Name}' must contain names of middleware, not {item.KindName}");
                continue;
            }

            if (Find(name, pipeline) is not { } built) continue;
            missing.NotePlanned(built);
            missing.NoteClosed(built.Closed);
            result.Add(new Step(built, name.Location));
        }

        return result;
    }

    private Built<IMiddleware>? Find(TomlString name, Definition<PipelineSection> pipeline)
    {
        var all = environment.Config.Middleware;
        if (all.Find(name.Value, pipeline.File) is not null)
        {
            return all.Resolve(name.Value, pipeline.File, name.Location, problems) is { } definition ? instances.Middleware(definition) : null;
        }

        // Of a plug-in that cannot be used has been said so where it is registered; here it is only missing.
        var bare = all.Bare(name.Value);
        var isOfPlugin = environment.Config.MiddlewareTypes.Any(type => type.Name == bare && type.Section.Module.Length > 0);
        if (isOfPlugin || instances.Registry.MiddlewareNames.Contains(bare)) return instances.Middleware(Direct(bare, name.Location, pipeline.File));
        problems.Error(name.Location,
            $"middleware '{name.Value}' is not defined{all.Advice(name.Value, instances.Registry.MiddlewareNames)}");
        return null;
    }

    private Definition<MiddlewareSection> Direct(string name, SourceLocation location, string file)
    {
        if (_direct.TryGetValue(name, out var known)) return known;
        var section = new MiddlewareSection { Type = name, Location = location };
        return _direct[name] = new Definition<MiddlewareSection>(name, section, OptionsTable.Empty(location).Table, file);
    }

    /// <summary>An error, not a warning: a misspelt side would leave out what may be there to keep people out.</summary>
    private void CheckSides(TomlTable table, string pipeline)
    {
        foreach (var entry in table.Where(e => !Sides.Contains(e.Key)))
        {
            problems.Error(entry.KeyLocation,
                $"'middleware' of pipeline '{pipeline}' has the sides left and right, not '{entry.Key}'{NearestName.Suggestion(entry.Key, Sides)}");
        }
    }

    private TomlArray? Side(TomlTable table, string side, string pipeline)
    {
        if (!table.TryGet(side, out var entry)) return null;
        if (entry.Value is TomlArray list) return list;
        problems.Error(entry.Value.Location, $"'middleware.{side}' of pipeline '{pipeline}' must be an array, not {entry.Value.KindName}");
        return null;
    }

    private readonly record struct Step(Built<IMiddleware> Built, SourceLocation Location);
}

/// <summary>Options of a middleware stand under <c>options</c> or directly in its table, as older documents have them; giving one twice is an error.</summary>
internal sealed class MiddlewareOptions(ConfigProblems problems)
{
    private static readonly string[] OwnKeys = ["id", "type", "authentication", "options"];

    /// <summary>Both kinds together.</summary>
    public OptionsTable Of(Definition<MiddlewareSection> definition, Type optionsType)
    {
        var nested = definition.Section.Options?.Table ?? OptionsTable.Empty(definition.Section.Location).Table;
        var direct = new List<TomlEntry>();
        foreach (var entry in definition.Section.DirectOptions?.Table ?? (IEnumerable<TomlEntry>)[])
        {
            if (nested.TryGet(entry.Key, out var other))
            {
                problems.Error(entry.KeyLocation,
                    $"middleware '{definition.Name}' gives '{entry.Key}' twice, here and under options at line {other.KeyLocation.Line}");
            }
            else if (!IsMisspelt(entry, definition.Name, optionsType)) direct.Add(entry);
        }

        return new OptionsTable(new TomlTable([.. direct, .. nested], definition.Section.Location));
    }

    /// <summary>A key that is no option but nearly one of the middleware's own: <c>authentcation</c>.</summary>
    private bool IsMisspelt(TomlEntry entry, string name, Type optionsType)
    {
        if (BoundKey.Of(optionsType).Any(k => k.TakesRemaining || k.Name == entry.Key || k.OtherNames.Contains(entry.Key))) return false;
        var suggestion = NearestName.Suggestion(entry.Key, OwnKeys);
        if (suggestion.Length == 0) return false;
        problems.Error(entry.KeyLocation, $"unknown key '{entry.Key}' in [middleware.{name}] has no effect{suggestion}");
        return true;
    }
}
