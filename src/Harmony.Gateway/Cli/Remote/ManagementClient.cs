using System.Net.Http.Headers;
using System.Net;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>Asks the management API of a gateway that runs. The token goes to that address and nowhere else: no proxy, no redirects.</summary>
internal sealed class ManagementClient : IDisposable
{
    private readonly HttpClient _client;

    public ManagementClient(ManagementAddress address)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (address.Tls is { } tls) handler.SslOptions = tls;
        _client = new HttpClient(handler, disposeHandler: true) { BaseAddress = address.Base, Timeout = TimeSpan.FromSeconds(60) };
        if (address.Token is { } token) _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Its path below the base path.</param>
    /// <param name="body">What to send; null for nothing.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>The status and the answer's JSON.</returns>
    /// <exception cref="RemoteException">The gateway does not respond, is no gateway, or refuses us.</exception>
    public async Task<(HttpStatusCode Status, JsonObject Answer)> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await _client.SendAsync(request, ct);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(ct)) as JsonObject;
            if (answer is null) throw NotTheApi();
            return response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? throw new RemoteException($"{_client.BaseAddress}: {Refused(ReasonOf(answer))}")
                : (response.StatusCode, answer);
        }
        catch (JsonException)
        {
            throw NotTheApi();
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            var reason = e.InnerException is AuthenticationException { Message: var message } ? message : e.Message;
            throw new RemoteException($"{_client.BaseAddress}: {reason}; name the CA that issued the gateway's certificate with --ca FILE");
        }
        catch (HttpRequestException e)
        {
            throw new RemoteException($"{_client.BaseAddress}: {e.Message}");
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RemoteException($"{_client.BaseAddress}: no response in time");
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>What the gateway says, and how to show a token where it wants one.</summary>
    private static string Refused(string reason)
        => reason.Contains("admin token", StringComparison.Ordinal) ? $"{reason}; name the file of the token with --token-file FILE" : reason;

    /// <summary>Why a gateway says no.</summary>
    public static string ReasonOf(JsonObject answer) => $"{answer["message"] ?? answer["error"]}";

    private RemoteException NotTheApi() => new($"{_client.BaseAddress} is not a management API of Harmony");
}

/// <summary>A running gateway could not be found or asked; the message is for the user.</summary>
internal sealed class RemoteException(string message) : Exception(message);

/// <summary>Problems that a gateway told of, printed as if they had been found here.</summary>
internal static class RemoteProblems
{
    public static void Print(JsonNode? problems, TextWriter output)
        => ProblemPrinter.Print((problems as JsonArray ?? []).OfType<JsonObject>().Select(Of), output, strict: false);

    private static ConfigProblem Of(JsonObject problem) => new(
        problem["severity"]?.ToString() == "error" ? ConfigSeverity.Error : ConfigSeverity.Warning,
        new SourceLocation(problem["file"]?.ToString() ?? "", Number(problem["line"]), Number(problem["column"])),
        problem["message"]?.ToString() ?? "");

    private static int Number(JsonNode? value) => value is JsonValue number && number.TryGetValue<int>(out var found) ? found : 0;
}
