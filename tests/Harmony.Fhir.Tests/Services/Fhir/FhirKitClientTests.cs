using System.Text.Json.Nodes;
using Harmony.Fhir.Tests.Middleware.SmartScopes;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Fhir.Tests.Services.Fhir;

/// <summary>npm <c>fhir-kit-client</c> through the gateway: every interaction, with a token, and links that lead back.</summary>
public sealed class FhirKitClientTests
{
    private const string Script = """
        (async () => {
            const { Client } = await import('fhir-kit-client');
            const [base, token] = process.argv.slice(1);
            const client = new Client({ baseUrl: base, bearerToken: token });
            const seen = {};
            const failing = async call => { try { await call(); return 0; } catch (e) { return e.response?.status ?? e.status ?? String(e); } };
            seen.metadata = (await client.capabilityStatement()).implementation.url;
            seen.smart = (await client.smartAuthMetadata()).tokenUrl?.toString();
            seen.read = (await client.read({ resourceType: 'Patient', id: '1' })).id;
            seen.vread = (await client.vread({ resourceType: 'Patient', id: '1', version: '1' })).meta.versionId;
            seen.foreign = await failing(() => client.read({ resourceType: 'Patient', id: '2' }));
            const created = await client.create({ resourceType: 'Observation', body: { resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/1' } } });
            seen.created = created.status;
            seen.updated = (await client.update({ resourceType: 'Observation', id: created.id, body: { ...created, status: 'amended' } })).status;
            seen.patched = (await client.patch({ resourceType: 'Observation', id: created.id, jsonPatch: [{ op: 'replace', path: '/status', value: 'corrected' }] })).status;
            seen.history = (await client.resourceHistory({ resourceType: 'Observation', id: created.id })).entry.length;
            let page = await client.resourceSearch({ resourceType: 'Observation', searchParams: { _count: 2 } });
            const links = [], ids = [];
            while (page) {
                ids.push(...page.entry.map(e => e.resource.id));
                links.push(...page.link.filter(l => l.relation === 'next').map(l => l.url));
                page = await client.nextPage({ bundle: page });
            }
            seen.pages = ids.length;
            seen.links = links.every(l => l.startsWith(base));
            seen.posted = (await client.resourceSearch({ resourceType: 'Observation', searchParams: { category: 'laboratory' }, options: { postSearch: true } })).entry.length;
            seen.batch = (await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient/1' } }, { request: { method: 'GET', url: 'Patient/2' } }] } })).entry.map(e => e.response.status);
            seen.transaction = (await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'DELETE', url: 'Observation/' + created.id } }] } })).entry.map(e => e.response.status);
            seen.everything = (await client.operation({ resourceType: 'Patient', id: '1', name: 'everything', method: 'GET' })).entry.length > 3;
            seen.deleted = await failing(() => client.delete({ resourceType: 'Observation', id: 'lab1' }));
            console.log(JSON.stringify(seen));
        })().catch(e => { console.error(e.stack, JSON.stringify(e.response?.data)); process.exit(1); });
        """;

    [PeerFact("node")]
    public async Task EveryInteraction_GoesThroughTheGateway()
    {
        await using var gateway = await SmartGateway.StartAsync(endpoint: """
            public_metadata = true
            [endpoints.fhir.options.smart]
            authorization_endpoint = "https://login.example.org/authorize"
            token_endpoint = "https://login.example.org/token"
            """);

        var printed = await NpmFolder.RunAsync(Script, TimeSpan.FromMinutes(1), gateway.Base, SmartGateway.Token("patient/*.cruds"));

        var expected = new JsonObject
        {
            ["metadata"] = gateway.Base, ["smart"] = "https://login.example.org/token", ["read"] = "1", ["vread"] = "1", ["foreign"] = 404,
            ["created"] = "final", ["updated"] = "amended", ["patched"] = "corrected",
            ["history"] = 3, ["pages"] = 4, ["links"] = true, ["posted"] = 1, ["batch"] = new JsonArray("200", "404"), ["transaction"] = new JsonArray("204"),
            ["everything"] = true, ["deleted"] = 0,
        };
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(printed)!.ToJsonString());
    }
}
