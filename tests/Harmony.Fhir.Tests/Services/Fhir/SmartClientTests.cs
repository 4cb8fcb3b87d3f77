using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Fhir.Tests.Middleware.SmartScopes;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>
/// npm <c>fhirclient</c> as applications use the library: in a browser, on an origin of its own, started standalone. The application finds the authorization
/// server through the gateway, gets a token there by PKCE, and runs every interaction through the gateway.
/// </summary>
public sealed class SmartClientTests
{
    private const string Scope = "launch/patient patient/*.cruds";

    private const string Application = """
        <!doctype html><title>Application</title><script src="/fhir-client.js"></script><script>
        const iss = new URLSearchParams(location.search).get('iss') ?? sessionStorage.getItem('iss');
        const failing = async call => { try { await call(); return 0; } catch (e) { return e.statusCode ?? e.status ?? String(e); } };
        const json = { 'content-type': 'application/json' };
        async function run() {
            if (location.pathname === '/launch') {
                sessionStorage.setItem('iss', iss);
                await FHIR.oauth2.authorize({ iss, clientId: 'app', scope: 'launch/patient patient/*.cruds', redirectUri: '/app', pkceMode: 'required' });
                return;
            }
            const client = await FHIR.oauth2.ready();
            const seen = { patient: client.patient.id, scope: client.getState('tokenResponse.scope') };
            seen.metadata = (await client.request('metadata')).implementation.url;
            seen.read = (await client.patient.read()).id;
            seen.vread = (await client.request('Patient/1/_history/1')).meta.versionId;
            seen.foreign = await failing(() => client.request('Patient/2'));
            const created = await client.create({ resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/1' } }, { headers: { ...json, Prefer: 'return=minimal' } });
            seen.created = created.status;
            seen.updated = (await client.update({ ...created, status: 'amended' })).status;
            seen.patched = (await client.patch('Observation/' + created.id, [{ op: 'replace', path: '/status', value: 'corrected' }])).status;
            seen.history = (await client.request(`Observation/${created.id}/_history`)).entry.length;
            const links = [], ids = [];
            await client.request('Observation?_count=2', { pageLimit: 0, onPage: page => {
                ids.push(...page.entry.map(e => e.resource.id));
                links.push(...page.link.map(l => l.url), ...page.entry.map(e => e.fullUrl));
            } });
            seen.pages = ids.length;
            seen.links = links.filter(l => !l.startsWith(iss));
            seen.posted = (await client.request({ url: 'Observation/_search', method: 'POST', body: 'category=laboratory', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).entry.length;
            const bundle = (type, ...entry) => client.request({ url: '/', method: 'POST', headers: json, body: JSON.stringify({ resourceType: 'Bundle', type, entry }) }).then(b => b.entry.map(e => e.response.status));
            seen.batch = await bundle('batch', { request: { method: 'GET', url: 'Patient/1' } }, { request: { method: 'GET', url: 'Patient/2' } });
            seen.transaction = await bundle('transaction', { request: { method: 'DELETE', url: 'Observation/' + created.id } });
            seen.everything = (await client.request('Patient/1/$everything')).entry.length > 3;
            seen.deleted = await failing(() => client.delete('Observation/lab1'));
            seen.gone = await failing(() => client.request('Observation/lab1'));
            window.seen = seen;
        }
        run().catch(e => { window.seen = { error: e.stack ?? String(e) }; });
        </script>
        """;

    [PeerFact("node", "chromium", "npm:playwright-core", "npm:fhirclient")]
    [Trait("Category", "Slow")]
    public async Task Application_IsLetIn_AndEveryInteractionGoesThroughTheGateway()
    {
        var library = await File.ReadAllTextAsync(Path.Combine(Peers.PathOf("npm:fhirclient"), "build", "fhir-client.js"));
        await using var application = await KestrelOrigin.StartAsync(
            context => context.Response.WriteAsync(context.Request.Path == "/fhir-client.js" ? library : Application));
        await using var login = await LoginServer.StartAsync(application.Url);
        await using var gateway = await SmartGateway.StartAsync(endpoint: $"""
            public_metadata = true
            allowed_origins = ["{application.Url.GetLeftPart(UriPartial.Authority)}"]
            [endpoints.fhir.options.smart]
            authorization_endpoint = "{login.Url}authorize"
            token_endpoint = "{login.Url}token"
            """);
        login.Audience = gateway.Base;

        var run = await Programs.RunAsync(
            new ProcessStartInfo(
                Peers.PathOf("node"),
                [
                    Path.Combine(AppContext.BaseDirectory, "Services", "Fhir", "smart.mjs"),
                    Path.Combine(Peers.PathOf("npm:playwright-core"), "index.js"),
                    Peers.PathOf("chromium"),
                    $"{application.Url}launch?iss={Uri.EscapeDataString(gateway.Base)}",
                ]),
            TimeSpan.FromMinutes(4));

        Assert.True(run.ExitCode == 0, run.Printed);
        Assert.Empty(login.Refusals);
        var expected = new JsonObject
        {
            ["patient"] = "1", ["scope"] = Scope, ["metadata"] = gateway.Base,
            ["read"] = "1", ["vread"] = "1", ["foreign"] = 404, ["created"] = "final", ["updated"] = "amended", ["patched"] = "corrected",
            ["history"] = 3, ["pages"] = 4, ["links"] = new JsonArray(), ["posted"] = 1,
            ["batch"] = new JsonArray("200", "404"), ["transaction"] = new JsonArray("204"), ["everything"] = true,
            ["deleted"] = 0, ["gone"] = 404,
        };
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(run.Output)!.ToJsonString());
    }

    /// <summary>An authorization server (SMART App Launch 2, PKCE by S256) with one application and one patient. It lets in whoever clicks.</summary>
    private sealed class LoginServer : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, string> _challenges = new();
        private readonly Uri _application;
        private KestrelOrigin _origin = null!;

        private LoginServer(Uri application) => _application = application;

        public Uri Url => _origin.Url;

        /// <summary>For whom tokens are: the base of the FHIR server.</summary>
        public string Audience { get; set; } = "";

        /// <summary>Why the application was not let in.</summary>
        public ConcurrentQueue<string> Refusals { get; } = new();

        public static async Task<LoginServer> StartAsync(Uri application)
        {
            var server = new LoginServer(application);
            server._origin = await KestrelOrigin.StartAsync(server.HandleAsync);
            return server;
        }

        public ValueTask DisposeAsync() => _origin.DisposeAsync();

        private Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
        {
            "/authorize" => AuthorizeAsync(context),
            "/token" => TokenAsync(context),
            _ => RefuseAsync(context, $"path {context.Request.Path}", 404),
        };

        private Task AuthorizeAsync(HttpContext context)
        {
            var query = context.Request.Query;
            if (query["aud"] != Audience) return RefuseAsync(context, $"aud {query["aud"]}");
            if (query["client_id"] != "app" || query["response_type"] != "code" || query["scope"] != Scope)
                return RefuseAsync(context, $"request {context.Request.QueryString}");
            if (query["redirect_uri"] != $"{_application}app") return RefuseAsync(context, $"redirect_uri {query["redirect_uri"]}");
            if (query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length != 43) return RefuseAsync(context, "code_challenge");
            var code = Guid.NewGuid().ToString("N");
            _challenges[code] = query["code_challenge"]!;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync($"""<!doctype html><title>Login</title><a id="let-in" href="{_application}app?code={code}&amp;state={query["state"]}">Let the application in</a>""");
        }

        private async Task TokenAsync(HttpContext context)
        {
            context.Response.Headers.AccessControlAllowOrigin = _application.GetLeftPart(UriPartial.Authority);
            if (context.Request.Method == "OPTIONS")
            {
                context.Response.Headers.AccessControlAllowHeaders = "content-type";
                return;
            }

            var form = await context.Request.ReadFormAsync();
            var isKnown = _challenges.TryRemove(form["code"].ToString(), out var challenge);
            var proof = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
            if (!isKnown || form["grant_type"] != "authorization_code" || form["redirect_uri"] != $"{_application}app" || proof != challenge)
            {
                await RefuseAsync(context, "token");
                return;
            }

            context.Response.ContentType = "application/json";
            var token = new JsonObject
            {
                ["access_token"] = SmartGateway.Token(Scope), ["token_type"] = "Bearer", ["expires_in"] = 600, ["scope"] = Scope, ["patient"] = "1",
            };
            await context.Response.WriteAsync(token.ToJsonString());
        }

        private Task RefuseAsync(HttpContext context, string reason, int status = 400)
        {
            if (context.Request.Path != "/favicon.ico") Refusals.Enqueue(reason);
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(reason);
        }
    }
}
