using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony --version</c>: the program's version, whatever program it runs in.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>The commit it was built from, where the build knew.</summary>
    private static string Build { get; } = typeof(
        VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit]
        ? $"commit {commit[..Math.Min(12, commit.Length)]}, " : "";

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(
            $"harmony {Banner.Version} ({Build}{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
        return 0;
    }
}
