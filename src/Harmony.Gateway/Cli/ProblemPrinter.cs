using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli;

/// <summary>Prints problems of a configuration the way compilers do, so that editors can jump to them.</summary>
internal static class ProblemPrinter
{
    /// <summary>File by file, each from top to bottom.</summary>
    public static void Print(IEnumerable<ConfigProblem> problems, TextWriter writer, bool strict)
    {
        var files = problems.GroupBy(p => p.Location.File, StringComparer.Ordinal);
        foreach (var problem in files.SelectMany(f => f.OrderBy(p => p.Location.Line).ThenBy(p => p.Location.Column)))
        {
            writer.WriteLine((strict ? problem with { Severity = ConfigSeverity.Error } : problem).ToString());
        }
    }

    /// <summary><c>2 errors, 1 warning</c>, or <c>no problems</c>.</summary>
    public static string Summary(IReadOnlyCollection<ConfigProblem> problems, bool strict)
    {
        var errors = problems.Count(p => strict || p.Severity == ConfigSeverity.Error);
        var warnings = problems.Count - errors;
        return (errors, warnings) switch
        {
            (0, 0) => "no problems",
            (0, _) => Count(warnings, "warning"),
            (_, 0) => Count(errors, "error"),
            _ => $"{Count(errors, "error")}, {Count(warnings, "warning")}",
        };
    }

    /// <summary>The same for programs.</summary>
    public static string ToJson(string configFile, IReadOnlyCollection<ConfigProblem> problems, bool strict)
    {
        var errors = problems.Count(p => strict || p.Severity == ConfigSeverity.Error);
        return JsonOutput.Write(new
        {
            ConfigFile = configFile,
            Errors = errors,
            Warnings = problems.Count - errors,
            Problems = problems.Select(p => new
            {
                Severity = strict || p.Severity == ConfigSeverity.Error ? "error" : "warning",
                p.Location.File,
                p.Location.Line,
                p.Location.Column,
                p.Message,
            }),
        });
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
