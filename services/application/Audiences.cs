using Grpc.Core;

namespace ExamPlatform.Applications;

/// <summary>Who an officer may write to at once: the candidates of a session by how their application stands, in the words of <c>application.proto</c>.</summary>
internal static class Audiences
{
    private static readonly Dictionary<string, Standing[]> States = new()
    {
        ["draft"] = [Standing.Draft],
        ["underReview"] = [Standing.Submitted, Standing.AwaitingRelease, Standing.Appealed],
        ["returned"] = [Standing.ReturnedForCorrection],
        ["unpaid"] = [Standing.AwaitingPayment],
        ["registered"] = [Standing.Registered],
        ["rejected"] = [Standing.Rejected],
        ["abandoned"] = [Standing.Abandoned],
    };

    /// <summary>The newest applications first. Where one is handled is said by what was sent in last; before that, by what is chosen.</summary>
    /// <exception cref="RpcException">A state is none, or the path leads below a site.</exception>
    public static IQueryable<Application> Audience(this ApplicationDb db, string programme, string session, IEnumerable<string> states, string areaPath, Guid? after)
    {
        var codes = areaPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (codes.Length > 2) throw new RpcException(new(StatusCode.InvalidArgument, "area_path leads to an area or a site."));
        var standings = states.SelectMany(state => States.GetValueOrDefault(state) ?? throw new RpcException(new(StatusCode.InvalidArgument, $"'{state}' is no state."))).ToList();
        var (area, site) = (codes.ElementAtOrDefault(0), codes.ElementAtOrDefault(1));
        var found = from application in db.Applications
                    where application.ProgrammeCode == programme && application.SessionCode == session && !application.Trial && application.ClearedAt == null && standings.Contains(application.Standing)
                    let sent = db.Submissions.Where(s => s.ApplicationId == application.Id && s.Number == application.Submitted).Select(s => new { s.AreaCode, s.SiteCode }).FirstOrDefault()
                    where area == null || (sent == null ? application.AreaCode : sent.AreaCode) == area
                    where site == null || (sent == null ? application.SiteCode : sent.SiteCode) == site
                    select application;
        return found.Where(a => after == null || a.Id < after).OrderByDescending(a => a.Id);
    }
}
