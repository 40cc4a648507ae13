//! Which link ends at which slot of a node. The list of links decides; what a slot says of its link
//! only moves links about among the slots of one node.
//! Invariant: a link ends at one slot at most, and one link at most ends at a slot.

use super::file::Graph;
use super::index::Index;
use super::raw::{self, Link, Slot};
use serde_json::Value;

/// The links that lead to each node, in the order of the file.
#[derive(Default)]
pub(super) struct Incoming {
    places: Index,
    /// Places in `Graph::links`.
    lists: Vec<Vec<usize>>,
    /// The links that any slot names, sorted.
    named: Vec<i64>,
}

impl Incoming {
    pub(super) fn of(links: &[Link], nodes: &[Value]) -> Self {
        let mut order: Vec<usize> = (0..links.len()).collect();
        order.sort_by_key(|at| links[*at].place);
        let mut incoming = Self::default();
        let slots = nodes.iter().flat_map(|node| raw::list(node, "inputs"));
        incoming.named = slots.filter_map(|slot| raw::link_id(slot.get("link")?)).collect();
        incoming.named.sort_unstable();
        let mut ids: Vec<String> =
            nodes.iter().filter_map(|node| node.get("id").and_then(raw::id)).collect();
        ids.sort_unstable();
        // Removed nodes may leave links behind that no slot knows of.
        let is_left = |link: &Link| {
            let from = link.from.as_ref().map(|(from, _)| from);
            from.is_some_and(|from| !from.starts_with('-') && ids.binary_search(from).is_err())
                && incoming.named.binary_search(&link.id).is_err()
        };
        order.retain(|at| !is_left(&links[*at]));
        for at in order {
            let to = &links[at].to;
            match incoming.places.get(to).and_then(|place| incoming.lists.get_mut(place)) {
                Some(list) => list.push(at),
                None => {
                    incoming.places.put(to, incoming.lists.len());
                    incoming.lists.push(vec![at]);
                }
            }
        }
        incoming
    }

    fn to<'g>(&self, node: &str, graph: &'g Graph) -> Vec<&'g Link> {
        let list = self.places.get(node).and_then(|place| self.lists.get(place));
        list.into_iter().flatten().filter_map(|at| graph.links.get(*at)).collect()
    }
}

/// Puts the links of a node to its slots. `places` says where each slot of the file went.
pub(super) fn align(
    node: &str,
    slots: &mut [Slot],
    given: &[Slot],
    places: &[Option<usize>],
    (graph, incoming): (&Graph, &Incoming),
) {
    for slot in &mut *slots {
        slot.link = None;
    }
    let mut links = incoming.to(node, graph);
    // Of several links to one place the first that any slot names stays, else the first.
    let unnamed = |link: &Link| incoming.named.binary_search(&link.id).is_err();
    links.sort_by_key(|link| (link.to_slot, unnamed(link), link.place));
    links.dedup_by_key(|link| link.to_slot);
    let mut moved: Vec<Option<usize>> = vec![None; links.len()];
    for (slot, place) in given.iter().zip(places) {
        let link = slot.link.and_then(|id| graph.link(id)).filter(|link| link.to == node);
        let (Some(link), Some(place)) = (link, *place) else { continue };
        // What names a link that did not stay means the one that did.
        let stayed = links.binary_search_by_key(&link.to_slot, |link| link.to_slot);
        let Some(moved) = stayed.ok().and_then(|at| moved.get_mut(at)) else { continue };
        let own = |place| u64::try_from(place) == Ok(link.to_slot);
        *moved = Some(match *moved {
            Some(other) if own(other) || (!own(place) && other < place) => other,
            Some(_) | None => place,
        });
    }
    let at = |link: &Link| usize::try_from(link.to_slot).unwrap_or(usize::MAX);
    let goals: Vec<usize> =
        links.iter().zip(moved).map(|(link, moved)| moved.unwrap_or(at(link))).collect();
    let mut sorted = goals.clone();
    sorted.sort_unstable();
    // Where two would end at one slot, none of the node's is moved.
    let clash = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    for (link, goal) in links.iter().zip(goals) {
        let goal = if clash { at(link) } else { goal };
        if let Some(slot) = slots.get_mut(goal) {
            slot.link = Some(link.id);
        }
    }
}
