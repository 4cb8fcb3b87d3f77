using System.Diagnostics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Examples;

/// <summary>A run of an example's <c>demo.sh</c>, with the program that was built with these tests.</summary>
internal static class Demo
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<(int ExitCode, string Printed)> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", [script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HARMONY_PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "harmony");
        // All that it and what it starts write for a moment; builds leave folders behind.
        using var temporary = new TestFolder();
        start.Environment["TMPDIR"] = temporary.Path;
        // A 'dotnet build' inside is a build of its own, not a part of the one that runs these tests; and nobody's log levels are wanted.
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return (process.ExitCode, await output + await error);
    }

    private static bool IsForeign(string name)
        => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_PORT", StringComparison.Ordinal) || name is "HARMONY_LOG" or "RUST_LOG";
}
