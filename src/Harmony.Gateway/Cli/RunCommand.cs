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
        await using var host = new GatewayHost(Environment.GetEnvironmentVariable, TimeProvider.System);
        using var signals = new StopSignals(ct);
        bool started;
        try
        {
            started = await host.StartAsync(configFile, signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0; // told to stop while starting
        }

        ProblemPrinter.Print(host.Problems, console.Error, strict: false);
        if (!started)
        {
            await console.Error.WriteLineAsync($"{configFile}: {ProblemPrinter.Summary(host.Problems, strict: false)}; the gateway was not started");
            return 1;
        }

        Banner.Print(host, console.Output);
        using var reload = new ReloadSignal(host.Watcher!);
        await signals.WaitAsync();
        await host.StopAsync(signals.Hurry);
        return 0;
    }
}
