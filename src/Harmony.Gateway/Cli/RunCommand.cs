using System.CommandLine;
using Harmony.Gateway.Hosting;
using Harmony.Gateway.Reloading;

namespace Harmony.Gateway.Cli;

/// <summary><c>harmony run</c>: serves until told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(Option<string> config)
    {
        var command = new Command("run", "Run the gateway until SIGTERM or Ctrl-C.") { config };
        command.SetAction((result, ct) => RunAsync(result.GetValue(config)!, result.InvocationConfiguration, ct));
        return command;
    }

    public static async Task<int> RunAsync(string configFile, InvocationConfiguration console, CancellationToken ct)
    {
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        using var signals = new StopSignals(ct);
        GatewayHost? started;
        try
        {
            started = await builder.StartAsync(configFile, signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0; // told to stop while starting
        }

        ProblemPrinter.Print(builder.Problems, console.Error, strict: false);
        if (started is null)
        {
            await console.Error.WriteLineAsync($"{configFile}: {ProblemPrinter.Summary(builder.Problems, strict: false)}; the gateway was not started");
            return 1;
        }

        await using var host = started;
        Banner.Print(host, console.Output);
        using var reload = new ReloadSignal(host.Watcher);
        await signals.WaitAsync();
        await host.StopAsync(signals.Hurry);
        return 0;
    }
}
