using System.Net;
using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Remote;

/// <summary><c>harmony check --against URL</c>: what a running gateway says of the files here, and what they would change there.</summary>
internal static class Comparison
{
    /// <summary>Asks and prints.</summary>
    /// <param name="configFile">The main file here.</param>
    /// <param name="address">The gateway.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>Whether the gateway would take the files.</returns>
    /// <exception cref="RemoteException">It cannot be asked.</exception>
    public static async Task<bool> PrintAsync(string configFile, ManagementAddress address, TextWriter output, CancellationToken ct)
    {
        using var client = new ManagementClient(address);
        var (status, answer) = await client.AskAsync(HttpMethod.Post, "config/validate", Upload(configFile), ct);
        if (status != HttpStatusCode.OK) throw new RemoteException($"{address}: {ManagementClient.ReasonOf(answer)}");
        RemoteProblems.Print(answer["problems"], output);
        var lines = Lines(answer).ToList();
        foreach (var line in lines) await output.WriteLineAsync(line);
        var isValid = answer["valid"]?.GetValue<bool>() == true;
        await output.WriteLineAsync(!isValid ? $"{address} would reject this configuration"
            : lines.Count == 0 ? $"nothing would change at {address}" : $"{address} would accept this configuration");
        return isValid;
    }

    private static IEnumerable<string> Lines(JsonObject answer)
    {
        return All("diff", "").Concat(All("listeners_added", "+ listener ")).Concat(All("listeners_removed", "- listener "));

        IEnumerable<string> All(string key, string lead) => (answer[key] as JsonArray ?? []).Select(line => $"{lead}{line}");
    }

    private static JsonObject Upload(string configFile)
    {
        var loader = new ConfigLoader([], Environment.GetEnvironmentVariable);
        var config = loader.Load(configFile);
        var files = new JsonObject();
        foreach (var file in config.Sources.OwnFiles.Where(File.Exists))
        {
            var name = Path.GetRelativePath(config.Directory, file).Replace('\\', '/');
            if (name.StartsWith("../", StringComparison.Ordinal))
                throw new RemoteException($"'{file}' lies outside of the main file's folder, so it cannot be sent to another gateway");
            files[name] = File.ReadAllText(file);
        }

        return new JsonObject { ["main"] = Path.GetFileName(configFile), ["files"] = files };
    }
}
