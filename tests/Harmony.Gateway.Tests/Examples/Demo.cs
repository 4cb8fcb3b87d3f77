using System.Diagnostics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Examples;

/// <summary>A run of an example's <c>demo.sh</c>, with the program that was built with these tests.</summary>
internal static class Demo
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<(int ExitCode, string Printed)> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", [script]);
        start.Environment["HARMONY_PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "harmony");
        // All that it and what it starts write for a moment; builds leave folders behind.
        using var temporary = new TestFolder();
        start.Environment["TMPDIR"] = temporary.Path;
        // A 'dotnet build' inside is a build of its own, not a part of the one that runs these tests; and nobody's log levels are wanted.
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var run = await Programs.RunAsync(start, Patience);
        return (run.ExitCode, run.Printed);
    }

    private static bool IsForeign(string name)
        => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_PORT", StringComparison.Ordinal)
            || name is "HARMONY_LOG" or "RUST_LOG";
}
