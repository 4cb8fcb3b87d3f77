using System.CommandLine;
using Harmony.Gateway.Cli;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>Runs a command line in this process and keeps what it prints.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.TrimEnd('\n').Split('\n');

    public IReadOnlyList<string> ErrorLines => Error.TrimEnd('\n').Split('\n');

    /// <summary>Runs; <c>FOLDER</c> in the arguments stands for the folder, whose path is left out of what is printed.</summary>
    public static Task<CommandLine> RunAsync(ConfigFolder? folder, CancellationToken ct, params string[] args)
        => RunAsync(folder, new StringWriter(), ct, args);

    /// <summary>Runs with a writer of the test's own.</summary>
    public static async Task<CommandLine> RunAsync(ConfigFolder? folder, StringWriter output, CancellationToken ct, params string[] args)
    {
        output.NewLine = "\n";
        using var error = new StringWriter { NewLine = "\n" };
        var console = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        var given = args.Select(a => folder is null ? a : a.Replace("FOLDER", folder.Path, StringComparison.Ordinal));
        var exitCode = await HarmonyCommand.RunAsync([.. given], console, ct);
        return new CommandLine(exitCode, Shortened(output, folder), Shortened(error, folder));
    }

    public static Task<CommandLine> RunAsync(ConfigFolder folder, params string[] args) => RunAsync(folder, CancellationToken.None, args);

    public static Task<CommandLine> RunAsync(params string[] args) => RunAsync(null, CancellationToken.None, args);

    private static string Shortened(StringWriter writer, ConfigFolder? folder)
        => folder is null ? writer.ToString() : writer.ToString().Replace(folder.Path + "/", "", StringComparison.Ordinal);
}

/// <summary>What a command prints that runs until it is ended; a test reads it meanwhile.</summary>
internal sealed class LockedWriter : StringWriter
{
    private readonly Lock _lock = new();

    public bool Has(string text)
    {
        lock (_lock) return GetStringBuilder().ToString().Contains(text, StringComparison.Ordinal);
    }

    public override void Write(char value)
    {
        lock (_lock) base.Write(value);
    }

    public override void Write(string? value)
    {
        lock (_lock) base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (_lock) base.Write(buffer, index, count);
    }

    public override void WriteLine(string? value)
    {
        lock (_lock) base.WriteLine(value);
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override string ToString()
    {
        lock (_lock) return base.ToString();
    }
}
