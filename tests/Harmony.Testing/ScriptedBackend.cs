using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Testing;

/// <summary>The options of a <c>scripted</c> backend: none.</summary>
public sealed record ScriptedOptions : ConfigNode;

/// <summary>A module <c>scripted</c>, whose backend does what a test says, and notes what it is asked.</summary>
/// <param name="script">Answers.</param>
public sealed class ScriptedBackend(Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> script) : IModulePack, IBackend
{
    /// <summary>TOML that defines it as backend <c>b</c>.</summary>
    public const string Toml = "[backends.b]\nservice = \"scripted\"";

    /// <summary>Metadata of the last request.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>Body of the last request, where the script has not taken it.</summary>
    public string Body { get; private set; } = "";

    /// <summary>One that answers with JSON, after it has read the request.</summary>
    public static ScriptedBackend Answering(string json, int status = 200) => new((request, _) => new ValueTask<ResponseEnvelope>(Json(request, json, status)));

    /// <summary>An answer in JSON.</summary>
    public static ResponseEnvelope Json(RequestEnvelope request, string json, int status = 200)
    {
        var response = new ResponseEnvelope(request, status) { Body = Core.Envelope.Body.FromBytes(Encoding.UTF8.GetBytes(json)) };
        response.Headers.Add("content-type", "application/json");
        return response;
    }

    public void AddTo(ModuleRegistryBuilder modules)
        => modules.Add(new ServiceModule(
            "scripted", "Does what a test says.")
        { Backend = ModuleFactory<BackendContext, IBackend>.From<ScriptedOptions>((_, _) => this) });

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        Metadata = new Dictionary<string, string>(request.Metadata);
        if (request.Body.IsBuffered) Body = Encoding.UTF8.GetString(request.Body.BufferedBytes.Span);
        return await script(request, ct);
    }
}
