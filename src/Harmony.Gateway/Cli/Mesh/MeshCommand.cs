using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Core.Faults;
using Harmony.Core.Routing;
using Harmony.Gateway.Hosting;
using Harmony.Jose;
using Harmony.Mesh.Members;
using Harmony.Mesh.Providers;

namespace Harmony.Gateway.Cli.Mesh;

/// <summary><c>harmony mesh</c>: makes and verifies tokens of the meshes of a configuration, and says which URLs belong to them. Nothing is sent.</summary>
internal static class MeshCommand
{
    public static Command Create(Option<string> config) => new("mesh", "Make and verify mesh tokens; check whether a URL belongs to a mesh.")
    {
        CreateToken(config), CreateCheck(config),
    };

    private static Command CreateToken(Option<string> config)
    {
        var verify = new Option<string?>("--verify")
        {
            Description = "Verify this token ('-': the token on standard input) instead of making a token. Exit code 1 if the token is not valid.",
            HelpName = "TOKEN",
        };
        var name = new Option<string?>("--mesh") { Description = "Name of the mesh; needed if several are enabled.", HelpName = "NAME" };
        var url = new Option<string?>("--url")
        {
            Description = "URL of a member: the token gets the audience of that member.", HelpName = "URL",
        };
        var command = new Command("token", "Print a mesh token of this gateway, or verify a mesh token.") { verify, name, url, config };
        command.SetAction((result, ct) => RunAsync(result.GetValue(config)!, result.InvocationConfiguration, async meshes =>
        {
            var console = result.InvocationConfiguration;
            var mesh = Choose(meshes, result.GetValue(name));
            if (result.GetValue(verify) is not { } token)
            {
                await console.Output.WriteLineAsync(await TokenAsync(mesh, meshes, result.GetValue(url), ct));
                return 0;
            }

            if (token == "-") token = await Console.In.ReadToEndAsync(ct);
            return await VerifyAsync(mesh, token.Trim(), console.Output, ct);
        }));
        return command;
    }

    private static Command CreateCheck(Option<string> config)
    {
        var url = new Argument<string>("URL") { Description = "URL of a request." };
        var command = new Command("check",
            "Print the mesh and the member that a URL belongs to, and the token that requests to it carry; exit code 1 if it belongs to no mesh.")
        {
            url, config
        };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(config)!, result.InvocationConfiguration, meshes
                => CheckAsync(meshes, Parse(result.GetValue(url)!), result.InvocationConfiguration.Output)));
        return command;
    }

    /// <summary>Builds the configuration; what a person can mend is one line on standard error and exit code 1.</summary>
    private static async Task<int> RunAsync(string configFile, InvocationConfiguration console, Func<MeshSet, Task<int>> run)
    {
        var builder = new GatewayBuilder(Environment.GetEnvironmentVariable, TimeProvider.System);
        await using var snapshot = await builder.LoadAsync(configFile);
        if (snapshot?.Meshes is not MeshSet meshes)
        {
            ProblemPrinter.Print(builder.Problems, console.Error, strict: false);
            return 1;
        }

        try
        {
            // Keys that others publish are fetched now, not by what goes on between requests.
            return await run(meshes);
        }
        catch (Exception e) when (e is MeshProviderException or GatewayException or FormatException)
        {
            await console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static ActiveMesh Choose(MeshSet meshes, string? name)
    {
        var names = meshes.All.Select(m => m.Settings.Name).ToList();
        if (name is null && names.Count == 1) return meshes.All[0];
        if (names.Count == 0) throw new FormatException("the configuration has no enabled [mesh.NAME]");
        return meshes.All.FirstOrDefault(m => m.Settings.Name == name) ?? throw new FormatException(name is null
            ? $"several meshes are enabled; name one with --mesh: {string.Join(", ", names)}"
            : $"mesh '{name}' is not defined or not enabled{NearestName.Suggestion(name, names)}");
    }

    private static async Task<string> TokenAsync(ActiveMesh mesh, MeshSet meshes, string? url, CancellationToken ct)
    {
        var address = url is null ? null : Parse(url);
        var destinations = meshes.DestinationsOf(mesh);
        var destination = destinations.FirstOrDefault(d => address is null || d.Url.Has(address.Scheme, address.Authority, address.AbsolutePath));
        if (address is not null && destination is null)
        {
            throw new FormatException($"{url} belongs to no member of mesh '{mesh.Settings.Name}'; 'harmony mesh check' prints the URLs of members");
        }

        var tokens = address is null && mesh.Settings.Keys.Signing is not null ? meshes.TokensOf(mesh) : destination?.Tokens ?? meshes.TokensOf(mesh);
        var authorization = await tokens.AuthorizationAsync(destination?.Address ?? new Uri("https://localhost/"), ct);
        return authorization["Bearer ".Length..];
    }

    private static async Task<int> VerifyAsync(ActiveMesh mesh, string token, TextWriter output, CancellationToken ct)
    {
        if (!CompactJws.TryParse(token, out var jws, out var reason)) return await RefuseAsync(output, reason);
        if (!JwtClaims.TryParse(jws.Payload, out var claims, out reason)) return await RefuseAsync(output, reason);
        var verdict = await mesh.Verifier.VerifyAsync(jws, claims, mesh.Settings.Audience, ct);
        if (verdict.Signer is not { } signer) return await RefuseAsync(output, verdict.Reason);
        await output.WriteLineAsync($"good: mesh '{mesh.Settings.Name}', subject '{claims.Subject}', until {claims.Expires:u}, verified with {signer.Words}");
        return 0;
    }

    private static async Task<int> RefuseAsync(TextWriter output, string reason)
    {
        await output.WriteLineAsync($"not good: {reason}");
        return 1;
    }

    private static async Task<int> CheckAsync(MeshSet meshes, Uri url, TextWriter output)
    {
        var found = 1;
        foreach (var mesh in meshes.All)
        {
            if (meshes.DestinationsOf(mesh).FirstOrDefault(d => d.Url.Has(url.Scheme, url.Authority, url.AbsolutePath)) is not { } destination) continue;
            found = 0;
            var words = meshes.Models.First(m => m.Name == mesh.Settings.Name).Words;
            await output.WriteLineAsync($"mesh '{mesh.Settings.Name}': {destination.Owner}, by {destination.Url}");
            foreach (var line in words) await output.WriteLineAsync($"  {line}");
        }

        if (found == 0) return 0;
        await output.WriteLineAsync($"{url.GetLeftPart(UriPartial.Path)} belongs to no mesh; these URLs do:");
        foreach (var mesh in meshes.All)
        {
            foreach (var destination in meshes.DestinationsOf(mesh))
            {
                await output.WriteLineAsync($"  {destination.Url} ({destination.Owner} of mesh '{mesh.Settings.Name}')");
            }
        }

        return 1;
    }

    /// <summary>Only what a request can have counts, in the spelling that requests are brought into.</summary>
    private static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new FormatException($"'{ShownOptions.Text(text)}' is not a URL of http or https");
        }

        if (!RequestTarget.TryParse(url.AbsolutePath, out _, out var reason)) throw new FormatException($"this path is not allowed in a request: {reason}");
        return url;
    }
}
