using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies;

/// <summary>Each type of rule through real HTTP, allowing and denying: what the public system's tests want, with what they should have expected.</summary>
public sealed class PolicyRulesTests
{
    [Theory]
    [InlineData("allow_all", "", "GET", "/", "", 200)]
    [InlineData("ip_allow", "ip_addresses = ['127.0.0.0/8']", "GET", "/", "", 200)]
    [InlineData("ip_allow", "ip_addresses = ['::ffff:127.0.0.0/104']", "GET", "/", "", 200)]
    [InlineData("ip_allow", "ip_addresses = ['10.0.0.0/8', '::/0']", "GET", "/", "", 403)]
    [InlineData("ip_allow", "ip_addresses = ['10.0.0.0/8']", "GET", "/", "x-forwarded-for: 10.0.0.1", 403)]
    [InlineData("path", "paths = ['/api/{*rest}']", "GET", "/api/x", "", 200)]
    [InlineData("path", "paths = ['/api/{*rest}']", "GET", "/other", "", 403)]
    [InlineData("path", "paths = ['/api/{id}'], use_wildcards = true", "GET", "/api/7/", "", 200)]
    [InlineData("path", "paths = ['/api;v=1']", "GET", "/api;v=1", "", 403)]
    [InlineData("method", "methods = ['get', 'HEAD']", "GET", "/", "", 200)]
    [InlineData("method", "methods = ['GET']", "POST", "/", "", 403)]
    [InlineData("content_type", "content_types = ['application/json']", "POST", "/", "content-type: Application/JSON; charset=utf-8", 200)]
    [InlineData("content_type", "content_types = ['application/*']", "POST", "/", "content-type: application/fhir+json", 200)]
    [InlineData("content_type", "content_types = ['*/*']", "POST", "/", "content-type: text/plain", 200)]
    [InlineData("content_type", "content_types = ['application/*']", "POST", "/", "content-type: text/plain", 403)]
    [InlineData("content_type", "content_types = ['*/*']", "GET", "/", "", 403)]
    [InlineData("content_type", "content_types = ['application/*']", "POST", "/", "content-type: application/json, text/html", 403)]
    [InlineData("content_type", "content_types = ['application/*']", "POST", "/", "content-type: application/json,application/xml", 403)]
    [InlineData("content_type", "content_types = ['application/*']", "POST", "/", "content-type: application/json;a=\", text/html", 403)]
    [InlineData("content_type", "content_types = ['multipart/*']", "POST", "/", "content-type: multipart/related; boundary=\"a\\\",b\"", 200)]
    [InlineData("user_agent", "patterns = [{ pattern = '/mozilla.*/i', label = 'browsers' }]", "GET", "/", "user-agent: Mozilla/5.0", 200)]
    [InlineData("user_agent", "patterns = [{ pattern = '/mozilla.*/' }]", "GET", "/", "user-agent: Mozilla/5.0", 403)]
    [InlineData("user_agent", "patterns = [{ pattern = '/mozilla/i' }]", "GET", "/", "", 403)]
    [InlineData("header", "headers = [{ name = 'X-Site', match_type = 'exact', value = 'North' }]", "GET", "/", "x-site: north", 200)]
    [InlineData("header", "headers = [{ name = 'X-Site', match_type = 'contains', value = 'ort' }]", "GET", "/", "x-site: NORTH", 200)]
    [InlineData("header", "headers = [{ name = 'X-Site', match_type = 'regex', value = '^n.*h$' }]", "GET", "/", "x-site: North", 200)]
    [InlineData("header", "headers = [{ name = 'X-Site', match_type = 'exact', value = 'north' }]", "GET", "/", "", 403)]
    [InlineData("header", "headers = [{ name = 'X-Site', match_type = 'exact', value = 'north' }]", "GET", "/", "x-site: north\r\nx-site: south", 403)]
    [InlineData("header", "headers = [{ name = 'X-Site', value = 'north' }, { name = 'X-Other', match_type = 'exists' }]", "GET", "/", "x-site: north", 403)]
    [InlineData("query_parameter", "parameters = [{ name = 'api_key', match_type = 'exists' }]", "GET", "/?api_key", "", 200)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', value = '1 2' }]", "GET", "/?v=1%202", "", 200)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', match_type = 'contains', value = 'b' }]", "GET", "/?v=abc", "", 200)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', match_type = 'regex', value = '/^[0-9]+$/' }]", "GET", "/?v=12", "", 200)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', match_type = 'regex', value = '/^[0-9]+$/' }]", "GET", "/?v=x", "", 403)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', value = 'a' }]", "GET", "/?v=a&v=b", "", 403)]
    [InlineData("query_parameter", "parameters = [{ name = 'v', value = 'a' }]", "GET", "/", "", 403)]
    [InlineData("metadata", "metadata = [{ name = 'protocol', value = 'http' }, { name = 'path', match_type = 'regex', value = '^a' }]", "GET", "/ab", "", 200)]
    [InlineData("metadata", "metadata = [{ name = 'protocol', value = 'http' }, { name = 'path', value = 'a' }]", "GET", "/ab", "", 403)]
    [InlineData("metadata", "metadata = [{ name = 'protocol', value = 'HTTP' }]", "GET", "/", "", 403)]
    [InlineData("metadata", "metadata = [{ name = 'calling_aet', match_type = 'exists' }]", "GET", "/", "calling_aet: CT1", 403)]
    [InlineData("geo", "country_codes = ['DE'], mode = 'allow'", "GET", "/", "", 403)]
    [InlineData("geo", "country_codes = ['DE'], mode = 'allow', header = 'CF-IPCountry'", "GET", "/", "cf-ipcountry: DE", 403)]
    [InlineData("time_based", "", "GET", "/", "", 200)]
    [InlineData("time_based", "start_time = '13:00', end_time = '14:00'", "GET", "/", "", 403)]
    [InlineData("rate_limit", "", "GET", "/", "", 403)]
    public async Task AllowingRule_Alone_LetsInWhatItMatches(string type, string options, string method, string target, string fields, int status)
        => Assert.Equal(status, await StatusAsync(PolicyConfig.Rule(type, options), method, target, fields));

    [Theory]
    [InlineData("deny_all", "", "GET", "/", "", 403)]
    [InlineData("ip_deny", "ip_addresses = ['127.0.0.1']", "GET", "/", "", 403)]
    [InlineData("ip_deny", "ip_addresses = ['10.0.0.0/8']", "GET", "/", "", 200)]
    [InlineData("path", "mode = 'deny', paths = ['/admin/{*rest}']", "GET", "/admin/x", "", 403)]
    [InlineData("path", "mode = 'deny', paths = ['/admin/{*rest}']", "GET", "/admin;x/y", "", 403)]
    [InlineData("path", "mode = 'deny', paths = ['/admin/{*rest}']", "GET", "/users/x", "", 200)]
    [InlineData("metadata", "mode = 'deny', metadata = [{ name = 'client_ip', value = '127.0.0.1' }]", "GET", "/", "", 403)]
    [InlineData("metadata", "mode = 'deny', metadata = [{ name = 'calling_aet', value = 'CT1' }]", "GET", "/", "", 200)]
    [InlineData("method", "mode = 'deny', methods = ['DELETE']", "DELETE", "/", "", 403)]
    [InlineData("method", "mode = 'deny', methods = ['DELETE']", "GET", "/", "", 200)]
    [InlineData("content_type", "mode = 'deny', content_types = ['text/*']", "POST", "/", "content-type: text/html", 403)]
    [InlineData("content_type", "mode = 'deny', content_types = ['text/*']", "POST", "/", "content-type: image/png", 200)]
    [InlineData("content_type", "mode = 'deny', content_types = ['application/json']", "POST", "/", "content-type: application/json,text/plain", 403)]
    [InlineData("content_type", "mode = 'deny', content_types = ['application/json']", "POST", "/", "content-type: text/plain, Application/JSON;q=1", 403)]
    [InlineData("content_type", "mode = 'deny', content_types = ['application/json']", "POST", "/", "content-type: text/plain, text/html", 200)]
    [InlineData("user_agent", "mode = 'deny', patterns = [{ pattern = '/bot|crawler/i' }]", "GET", "/", "user-agent: GoogleBot", 403)]
    [InlineData("user_agent", "mode = 'deny', patterns = [{ pattern = '/bot|crawler/i' }]", "GET", "/", "user-agent: curl", 200)]
    [InlineData("header", "mode = 'deny', headers = [{ name = 'x-a', value = '1' }]", "GET", "/", "x-a: 2\r\nx-a: 1", 403)]
    [InlineData("header", "mode = 'deny', headers = [{ name = 'x-a', value = '1' }]", "GET", "/", "x-a: 2", 200)]
    [InlineData("query_parameter", "mode = 'deny', parameters = [{ name = 'a', value = '1' }]", "GET", "/?a=2&%61=1", "", 403)]
    [InlineData("query_parameter", "mode = 'deny', parameters = [{ name = 'a', value = '1' }]", "GET", "/?a=2", "", 200)]
    [InlineData("time_based", "allow_during_window = false, start_time = '11:00', end_time = '12:00'", "GET", "/", "", 403)]
    [InlineData("time_based", "allow_during_window = false, start_time = '12:01'", "GET", "/", "", 200)]
    public async Task DenyingRule_BesideAllowAll_KeepsOutWhatItMatches(string type, string options, string method, string target, string fields, int status)
        => Assert.Equal(status, await StatusAsync(PolicyConfig.Rule(type, options, denies: true), method, target, fields));

    [Theory]
    [InlineData("10.1.2.3", 200)]
    [InlineData("10.1.2.3, 127.0.0.9", 200)]
    [InlineData("192.168.0.1", 403)]
    [InlineData("10.1.2.3, 192.168.0.1", 403)]
    [InlineData("::ffff:10.1.2.3", 200)]
    public async Task Address_BehindATrustedProxy_IsTheClients(string forwarded, int status)
    {
        await using var gateway =
            await PolicyConfig.StartAsync(PolicyConfig.Rule("ip_allow", "ip_addresses = ['10.0.0.0/8']"), network: "trusted_proxies = ['127.0.0.0/8']");
        Assert.Equal(status, await gateway.StatusAsync(fields: $"x-forwarded-for: {forwarded}"));
    }

    [Theory]
    [InlineData("cf-ipcountry: de", 403)]
    [InlineData("cf-ipcountry: FR", 200)]
    [InlineData("cf-ipcountry: nonsense", 200)]
    [InlineData("geo_country: DE", 200)]
    public async Task Geo_FieldOfATrustedProxy_TellsTheCountry(string field, int status)
    {
        await using var gateway = await PolicyConfig.StartAsync(
            PolicyConfig.Rule("geo", "country_codes = ['DE'], header = 'CF-IPCountry'", denies: true), network: "trusted_proxies = ['127.0.0.1']");
        Assert.Equal(status, await gateway.StatusAsync(fields: field));
    }

    /// <summary>A proxy may add its line, or its word, behind what the client has sent.</summary>
    [Theory]
    [InlineData("deny", "cf-ipcountry: FR\r\ncf-ipcountry: DE", 403)]
    [InlineData("deny", "cf-ipcountry: DE\r\ncf-ipcountry: FR", 403)]
    [InlineData("deny", "cf-ipcountry: FR, de", 403)]
    [InlineData("deny", "cf-ipcountry: FR, IT", 200)]
    [InlineData("allow", "cf-ipcountry: DE\r\ncf-ipcountry: FR", 403)]
    [InlineData("allow", "cf-ipcountry: FR\r\ncf-ipcountry: DE", 403)]
    [InlineData("allow", "cf-ipcountry: DE,FR", 403)]
    [InlineData("allow", "cf-ipcountry: DE\r\ncf-ipcountry: DE", 200)]
    public async Task Geo_OfSeveralCountries_AllMustFitToAllow_AndOneIsEnoughToDeny(string mode, string fields, int status)
    {
        await using var gateway = await PolicyConfig.StartAsync(
            PolicyConfig.Rule("geo", $"country_codes = ['DE'], header = 'CF-IPCountry', mode = '{mode}'", denies: mode == "deny"),
            network: "trusted_proxies = ['127.0.0.1']");
        Assert.Equal(status, await gateway.StatusAsync(fields: fields.Split("\r\n")));
    }

    /// <summary>Nobody knows the client: no allowed range holds it, and any denied one may.</summary>
    [Theory]
    [InlineData("x-forwarded-for: unknown")]
    [InlineData("x-forwarded-for: _hidden")]
    [InlineData("x-forwarded-for:")]
    [InlineData("x-forwarded-for: unknown, 127.0.0.1")]
    [InlineData("x-forwarded-for: 127.1")]
    [InlineData("forwarded: for=127.0.0.1")]
    public async Task Address_ThatATrustedProxyDoesNotTell_IsNeverAllowed(string field)
    {
        foreach (var (type, denies) in new[] { ("ip_allow", false), ("ip_deny", true) })
        {
            await using var gateway = await PolicyConfig.StartAsync(
                PolicyConfig.Rule(type, "ip_addresses = ['127.0.0.0/8']", denies), network: "trusted_proxies = ['127.0.0.1']");
            Assert.Equal(403, await gateway.StatusAsync(fields: field));
        }
    }

    [Theory]
    [InlineData("x-forwarded-for", "x-forwarded-for: 10.0.0.1|forwarded: for=198.51.100.9", 200)]
    [InlineData("forwarded", "x-forwarded-for: 10.0.0.1|forwarded: for=198.51.100.9", 403)]
    [InlineData("forwarded", "x-forwarded-for: 198.51.100.9|forwarded: for=10.0.0.1", 200)]
    [InlineData("forwarded", "x-forwarded-for: 10.0.0.1", 403)]
    public async Task Address_IsToldByTheFieldOfTheNetwork(string field, string fields, int status)
    {
        await using var gateway = await PolicyConfig.StartAsync(
            PolicyConfig.Rule("ip_allow", "ip_addresses = ['10.0.0.0/8']"), network: $"trusted_proxies = ['127.0.0.1']\nforwarded = '{field}'");
        Assert.Equal(status, await gateway.StatusAsync(fields: fields.Split('|')));
    }

    [Theory]
    [InlineData("/api/{*rest}", "/api/x", 200)] // the prefix written out
    [InlineData("/{id}", "/api/x", 200)] // the path below it
    [InlineData("/{id}", "/api", 403)] // not the prefix taken for an id
    [InlineData("/{a}/{b}", "/api/x", 403)]
    [InlineData("/api", "/api", 200)]
    [InlineData("/apix/{*rest}", "/api/x", 403)]
    public async Task Path_UnderAPrefix_IsWrittenWithItOrWithout(string pattern, string target, int status)
    {
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rule("path", $"paths = ['{pattern}']"), prefix: "/api");
        Assert.Equal(status, await gateway.StatusAsync(target));
    }

    private static async Task<int> StatusAsync(string toml, string method, string target, string fields)
    {
        // It is noon.
        await using var gateway = await PolicyConfig.StartAsync(toml, new TestTimeProvider());
        return await gateway.StatusAsync(target, method, fields.Length == 0 ? [] : fields.Split("\r\n"));
    }
}
