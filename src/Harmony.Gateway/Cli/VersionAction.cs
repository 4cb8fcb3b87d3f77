using System.CommandLine;
using System.CommandLine.Invocation;
using Harmony.Gateway.Hosting;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony --version</c>: the program's version, whatever program it runs in.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"harmony {Banner.Version}");
        return 0;
    }
}
